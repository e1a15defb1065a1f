//! The cases: values that every format encodes and decodes.

use std::hint::black_box;

use ndarray::Array2;
use ndwire_benches::cases::tables::{
    ByElement, Detection, detections, events, log, mesh, mesh_bytes, sample_bytes, samples,
};
use ndwire_benches::cases::{self, bytes_of};
use ndwire_benches::measure::Plan;
use ndwire_benches::peers::{Format, Ndwire, RmpSerde};
use ndwire_benches::table::{Baseline, Entrant, Table, measure};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub const FLOATS: &str = "Struct with `Vec<f32>` of 512 B";
pub const MANY_FLOATS: &str = "Struct with `Vec<f32>` of 256 KiB";
pub const EMBEDDING: &str = "Struct with id, label and 768 floats";
pub const MATRIX: &str = "Stock `ndarray::Array2<f32>` of 256 KiB";
pub const IMAGE: &str = "Struct with id and a stock `Array3<u8>` of 427 × 640 × 3";
pub const POINTS: &str = "`Vec<[f32; 3]>`, 65,536";
pub const GAPS: &str = "`Vec<Option<f32>>`, 65,536, one in eight missing";
pub const SHORT_LISTS: &str = "`Vec<Vec<f32>>`, 20,000 of 16";
pub const MESH: &str = "Mesh of 125,000 triangles: nested structs of f32";
pub const SAMPLES: &str = "10,000 samples: `{ts: i64, x: f32, y: f32, ok: bool}`";
pub const DETECTIONS: &str = "100 detections: `{class: u16, score: f32, bbox: [f32; 4], label: String}`";
pub const LOG: &str = "Log of 10,000 entries: text, a nested address and date, small numbers";
pub const RECORDS: &str = "1,000 structs with a `Vec<String>` each";
pub const EVENTS: &str = "1,000 structs that differ: not all have all fields, so the list stays plain";
pub const THREE_WAYS: &str = "32 detections: a `Vec`, and two other ways to serialize the same list";

/// What a title says before it explains.
pub fn name_of(title: &str) -> &str {
    title.split_once(": ").map_or(title, |(name, _)| name)
}

/// Rows beside those of the formats.
pub const ATTRIBUTED: &str = "ndwire, attributed";
pub const AS_ARRAY: &str = "ndwire, as `[T; 32]`";
pub const BY_ELEMENT: &str = "ndwire, element by element";
pub const RMP_BY_ELEMENT: &str = "rmp-serde (named), element by element";

pub fn tables(plan: Plan, wanted: &dyn Fn(&str) -> bool) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut case = |title: &'static str, run: &dyn Fn(&'static str) -> Table| {
        if wanted(title) {
            tables.push(run(title));
        }
    };
    for (title, bytes) in [(FLOATS, 512), (MANY_FLOATS, 256 << 10)] {
        case(title, &|title| {
            let value = cases::plain(bytes);
            measure(title, &value, &floats("the floats", &value.values), plan, vec![])
        });
    }
    case(EMBEDDING, &|title| {
        let value = cases::small();
        measure(title, &value, &floats("the 768 floats", &value.embedding), plan, vec![])
    });
    case(MATRIX, &|title| {
        let value = cases::square(256);
        let elements = value.as_slice().unwrap_or_default();
        let attributed = Entrant::new(
            ATTRIBUTED,
            encoded::<Ndwire>(&ndwire::AsArray(&value)),
            || encoded::<Ndwire>(&ndwire::AsArray(black_box(&value))),
            decode::<Ndwire, ndwire::AsArray<Array2<f32>>>,
        );
        measure(title, &value, &floats("the floats", elements), plan, vec![attributed])
    });
    case(IMAGE, &|title| {
        let value = cases::image();
        let elements = value.image.as_slice().unwrap_or_default().to_vec();
        measure(title, &value, &Baseline { of: "the pixels", bytes: elements.clone(), elements }, plan, vec![])
    });
    case(POINTS, &|title| {
        let value = cases::points(65_536);
        measure(title, &value, &floats("the floats", value.as_flattened()), plan, vec![])
    });
    case(GAPS, &|title| {
        let value = cases::gaps(65_536);
        let present: Vec<f32> = value.iter().map(|value| value.unwrap_or_default()).collect();
        measure(title, &value, &floats("65,536 floats, with zeros for those missing", &present), plan, vec![])
    });
    case(SHORT_LISTS, &|title| {
        let value = cases::short_lists(20_000);
        measure(title, &value, &floats("the floats", &value.concat()), plan, vec![])
    });
    case(MESH, &|title| {
        let value = mesh(125_000);
        let baseline = Baseline { of: "the triangles", bytes: mesh_bytes(&value), elements: value.clone() };
        measure(title, &value, &baseline, plan, vec![])
    });
    case(SAMPLES, &|title| {
        let value = samples(10_000);
        // In memory a sample has 24 bytes.
        let of = "the values without padding, or the structs";
        let baseline = Baseline { of, bytes: sample_bytes(&value), elements: value.clone() };
        measure(title, &value, &baseline, plan, vec![])
    });
    case(DETECTIONS, &|title| of_text(title, &detections(100), plan));
    case(LOG, &|title| of_text(title, &log(10_000), plan));
    case(RECORDS, &|title| of_text(title, &cases::records(1_000), plan));
    case(EVENTS, &|title| of_text(title, &events(1_000), plan));
    case(THREE_WAYS, &|title| {
        let list = detections(32);
        let array: [Detection; 32] = list.clone().try_into().expect("32 are 32");
        let by_element = ByElement(&list);
        let beside = vec![
            Entrant::new(
                AS_ARRAY,
                encoded::<Ndwire>(&array),
                || encoded::<Ndwire>(black_box(&array)),
                decode::<Ndwire, [Detection; 32]>,
            ),
            Entrant::new(
                BY_ELEMENT,
                encoded::<Ndwire>(&by_element),
                || encoded::<Ndwire>(black_box(&by_element)),
                decode::<Ndwire, Vec<Detection>>,
            ),
            Entrant::new(
                RMP_BY_ELEMENT,
                encoded::<RmpSerde>(&by_element),
                || encoded::<RmpSerde>(black_box(&by_element)),
                decode::<RmpSerde, Vec<Detection>>,
            ),
        ];
        measure(title, &list, &encoding(&list), plan, beside)
    });
    tables
}

fn encoded<F: Format>(value: &impl Serialize) -> Vec<u8> {
    F::encode(value).expect("every case can be encoded")
}

fn decode<F: Format, T: DeserializeOwned>(bytes: &[u8]) {
    black_box(F::decode::<T>(bytes).expect("it was encoded"));
}

fn of_text<T: Serialize + DeserializeOwned + PartialEq>(title: &'static str, value: &T, plan: Plan) -> Table {
    measure(title, value, &encoding(value), plan, vec![])
}

/// For values with text, of which there is no payload to copy.
fn encoding(value: &impl Serialize) -> Baseline<u8> {
    let elements = encoded::<Ndwire>(value);
    Baseline { of: "ndwire's encoding", bytes: elements.clone(), elements }
}

fn floats(of: &'static str, floats: &[f32]) -> Baseline<f32> {
    Baseline { of, bytes: bytes_of(floats), elements: floats.to_vec() }
}
