//! Bars, as SVG: ndwire's in a strong colour, those of its peers in pale ones.

use ndwire_benches::table::{MEMCPY, Table};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::goals::{DECODE, ENCODE, took};
use crate::size::{Format, Size};
use crate::values::*;

const FORMATS: [(&str, RGBColor); 6] = [
    ("ndwire", RGBColor(214, 69, 20)),
    ("postcard", RGBColor(120, 158, 200)),
    ("bincode 2", RGBColor(126, 190, 184)),
    ("rmp-serde (named)", RGBColor(216, 182, 110)),
    ("cbor4ii", RGBColor(182, 158, 208)),
    ("serde_json", RGBColor(184, 184, 184)),
];
/// Not those that take part only here and there.
const FEW: [&str; 4] = ["ndwire", "postcard", "rmp-serde (named)", "serde_json"];

const TEXT: RGBColor = RGBColor(40, 40, 40);
const LINES: RGBColor = RGBColor(225, 225, 225);

/// Groups of bars, for each group one bar of each format in each panel.
struct Chart {
    title: &'static str,
    groups: Vec<Group>,
    panels: Vec<Panel>,
    /// Pixels for the names of the groups.
    left: i32,
}

struct Group {
    name: &'static str,
    bars: Vec<Bar>,
}

struct Bar {
    format: &'static str,
    /// One for each panel; a format may not be able to.
    lengths: Vec<Option<f64>>,
}

struct Panel {
    title: &'static str,
    /// The first and the last are the ends of the axis.
    ticks: Vec<f64>,
    logarithmic: bool,
    /// The length to reach, and what has it.
    mark: Option<(f64, &'static str)>,
    /// Of the numbers at the bars.
    places: usize,
}

const WIDTH: i32 = 960;
const RIGHT: i32 = 45;
const TOP: i32 = 96;
const BAR: i32 = 10;
const GAP: i32 = 12;

type Drawing<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

impl Chart {
    fn svg(&self) -> Result<String, Box<dyn std::error::Error>> {
        let rows: i32 = self.groups.iter().map(|group| group.bars.len() as i32 * BAR + GAP).sum();
        let mut svg = String::new();
        let area = SVGBackend::with_string(&mut svg, (WIDTH as u32, (TOP + rows + 30) as u32)).into_drawing_area();
        area.fill(&WHITE)?;
        text(&area, self.title, (16, 20), 17, HPos::Left, true)?;
        self.legend(&area)?;
        let mut top = TOP + GAP / 2;
        for group in &self.groups {
            let height = group.bars.len() as i32 * BAR;
            text(&area, group.name, (self.left - 10, top + height / 2), 13, HPos::Right, false)?;
            top += height + GAP;
        }
        let width = (WIDTH - self.left) / self.panels.len() as i32;
        for (index, panel) in self.panels.iter().enumerate() {
            let left = self.left + index as i32 * width;
            self.panel(&area, panel, index, (left, left + width - RIGHT), TOP + rows)?;
        }
        area.present()?;
        drop(area);
        Ok(svg)
    }

    fn legend(&self, area: &Drawing<'_>) -> Drawn {
        let mut left = 16;
        let shown = |name| self.groups.iter().any(|group| group.bars.iter().any(|bar| bar.format == name));
        for (name, colour) in FORMATS.into_iter().filter(|(name, _)| shown(*name)) {
            area.draw(&Rectangle::new([(left, 41), (left + 11, 52)], colour.filled()))?;
            text(area, name, (left + 17, 47), 13, HPos::Left, name == "ndwire")?;
            left += 40 + 8 * name.len() as i32;
        }
        Ok(())
    }

    fn panel(&self, area: &Drawing<'_>, panel: &Panel, index: usize, (left, right): (i32, i32), bottom: i32) -> Drawn {
        let scale = |length: f64| if panel.logarithmic { length.ln() } else { length };
        let ends = (scale(panel.ticks[0]), scale(panel.ticks[panel.ticks.len() - 1]));
        let place = |length: f64| {
            let share = (scale(length) - ends.0) / (ends.1 - ends.0);
            left + (share.clamp(0.0, 1.0) * f64::from(right - left)).round() as i32
        };
        text(area, panel.title, (left, TOP - 24), 14, HPos::Left, true)?;
        for &tick in &panel.ticks {
            area.draw(&PathElement::new([(place(tick), TOP), (place(tick), bottom)], LINES))?;
            text(area, &format!("{tick}"), (place(tick), bottom + 12), 12, HPos::Center, false)?;
        }
        let mark = panel.mark.map(|(length, name)| (place(length), name));
        let mut top = TOP + GAP / 2;
        for group in &self.groups {
            for Bar { format, lengths } in &group.bars {
                let colour = FORMATS.iter().find(|(name, _)| name == format).map_or(TEXT, |(_, colour)| *colour);
                let end = lengths[index].map_or(left, place);
                area.draw(&Rectangle::new([(left, top), (end, top + BAR - 2)], colour.filled()))?;
                let words = lengths[index].map_or_else(|| "n/a".to_owned(), |length| panel.number(length));
                // Not across the mark.
                let end = mark.map_or(end, |(at, _)| if end < at && at < end + 30 { at } else { end });
                text(area, &words, (end + 4, top + BAR / 2 - 1), 10, HPos::Left, *format == "ndwire")?;
                top += BAR;
            }
            top += GAP;
        }
        if let Some((at, name)) = mark {
            area.draw(&PathElement::new([(at, TOP - 6), (at, bottom)], TEXT))?;
            text(area, name, (at + 3, TOP - 6), 11, HPos::Left, false)?;
        }
        Ok(())
    }
}

impl Panel {
    /// Large ones without a fraction.
    fn number(&self, length: f64) -> String {
        format!("{length:.*}", if length < 10.0 { self.places } else { 0 })
    }
}

fn text(area: &Drawing<'_>, words: &str, at: (i32, i32), size: i32, from: HPos, bold: bool) -> Drawn {
    let weight = if bold { FontStyle::Bold } else { FontStyle::Normal };
    let style = ("sans-serif", size, weight).into_font().color(&TEXT).pos(Pos::new(from, VPos::Center));
    area.draw(&Text::new(words.to_owned(), at, style))?;
    Ok(())
}

/// A case under a shorter name, and the row that is ndwire's.
type Shown = (&'static str, &'static str, &'static str);
const MAIN: [Shown; 8] = [
    ("Array2, 256 KiB, attributed", MATRIX, ATTRIBUTED),
    ("Array2, 256 KiB, stock", MATRIX, "ndwire"),
    ("id, label, 768 floats", EMBEDDING, "ndwire"),
    ("65,536 × [f32; 3]", POINTS, "ndwire"),
    ("mesh, 125,000 triangles", MESH, "ndwire"),
    ("10,000 samples", SAMPLES, "ndwire"),
    ("100 detections", DETECTIONS, "ndwire"),
    ("log, 10,000 entries", LOG, "ndwire"),
];

fn groups(tables: &[Table], shown: &[Shown], formats: &[&str], of: &dyn Fn(&Table, &str) -> Vec<f64>) -> Vec<Group> {
    let group = |&(name, title, ours): &Shown| {
        let table = tables.iter().find(|table| table.title == title)?;
        let bar = |&(format, _): &(&'static str, RGBColor)| {
            let lengths = of(table, if format == "ndwire" { ours } else { format });
            Bar { format, lengths: lengths.into_iter().map(|length| Some(length).filter(|l| l.is_finite())).collect() }
        };
        let bars = FORMATS.iter().filter(|(name, _)| formats.contains(name)).map(bar).collect();
        Some(Group { name, bars })
    };
    shown.iter().filter_map(group).collect()
}

fn times(tables: &[Table], shown: &[Shown], formats: &[&str]) -> Chart {
    let of =
        |table: &Table, row: &str| [ENCODE, DECODE].map(|of| took(table, row, of) / took(table, MEMCPY, of)).into();
    let groups = groups(tables, shown, formats, &of);
    let powers =
        [0.5, 1.0].into_iter().chain((1..=longest(&groups).log10().ceil() as i32).map(|power| 10f64.powi(power)));
    let ticks: Vec<f64> = powers.collect();
    let mark = Some((1.0, "memcpy"));
    let panel = |title| Panel { title, ticks: ticks.clone(), logarithmic: true, mark, places: 1 };
    Chart {
        title: "Time as a multiple of a memory copy (shorter is better)",
        panels: vec![panel("encode"), panel("decode")],
        groups,
        left: 200,
    }
}

fn bytes(tables: &[Table]) -> Chart {
    let size = |table: &Table, row: &str| table.row(row).bytes.map_or(f64::INFINITY, |bytes| bytes as f64);
    // The two ways to write the matrix differ by little.
    let shown = [&MAIN[..1], &MAIN[2..]].concat();
    let names = FORMATS.map(|(name, _)| name);
    let groups = groups(tables, &shown, &names, &|table, row| vec![size(table, row) / size(table, MEMCPY)]);
    let mark = Some((1.0, "the values alone"));
    Chart {
        title: "Bytes as a multiple of the values alone, or of ndwire's if there is text (shorter is better)",
        panels: vec![Panel { title: "", ticks: ticks(longest(&groups)), logarithmic: false, mark, places: 2 }],
        groups,
        left: 200,
    }
}

fn longest(groups: &[Group]) -> f64 {
    let lengths = groups.iter().flat_map(|group| &group.bars).flat_map(|bar| &bar.lengths);
    lengths.flatten().copied().fold(1.0, f64::max)
}

fn size(Size { formats, .. }: &Size) -> Chart {
    let bar =
        |format: &Format| Bar { format: format.name, lengths: vec![Some(format.bytes / 1e6), Some(format.seconds)] };
    let panel = |title, length: fn(&Format) -> f64, places| {
        let ticks = ticks(formats.iter().map(length).fold(0.0, f64::max));
        Panel { title, ticks, logarithmic: false, mark: None, places }
    };
    Chart {
        title: "What 60 derived types cost a program (shorter is better)",
        groups: vec![Group { name: "60 types", bars: formats.iter().map(bar).collect() }],
        panels: vec![
            panel("MB of text", |format| format.bytes / 1e6, 2),
            panel("seconds to compile", |format| format.seconds, 1),
        ],
        left: 100,
    }
}

/// Round numbers from zero to at least the most.
fn ticks(most: f64) -> Vec<f64> {
    let power = 10f64.powf(most.log10().floor());
    let step = [0.5, 1.0, 2.0].into_iter().map(|step| step * power).find(|step| most <= 5.0 * step);
    let step = step.unwrap_or(power * 2.0);
    let last = (most / step).ceil() as usize;
    (0..=last).map(|index| index as f64 * step).collect()
}

/// Every chart under the name of its file.
///
/// # Errors
/// In words, if one cannot be drawn.
pub fn draw(tables: &[Table], figures: &Size) -> Result<Vec<(&'static str, String)>, String> {
    let names = FORMATS.map(|(name, _)| name);
    let few = [MAIN[0], MAIN[2], MAIN[4], MAIN[6]];
    let charts = [
        ("times.svg", times(tables, &MAIN, &names)),
        ("bytes.svg", bytes(tables)),
        ("size.svg", size(figures)),
        ("readme.svg", times(tables, &few, &FEW)),
    ];
    let svg = |(name, chart): (_, Chart)| Ok((name, chart.svg().map_err(|error| format!("{name}: {error}"))?));
    charts.into_iter().map(svg).collect()
}
