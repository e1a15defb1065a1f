//! Code size and compile time, from the file that `size/measure` writes.

use std::path::PathBuf;

use ndwire_benches::measure::thousands;

pub const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/size/measure");

pub struct Size {
    compiler: String,
    pub formats: Vec<Format>,
}

pub struct Format {
    pub name: &'static str,
    pub bytes: f64,
    pub seconds: f64,
}

/// As the binaries are called, and as everywhere else.
const NAMES: [(&str, &str); 4] =
    [("ndwire", "ndwire"), ("rmp-serde", "rmp-serde (named)"), ("bincode", "bincode 2"), ("serde_json", "serde_json")];

impl Size {
    /// # Errors
    /// In words, if the file cannot be read or says something that is not understood.
    pub fn read() -> Result<Size, String> {
        let path = PathBuf::from(PROGRAM).with_file_name("figures.txt");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut lines = text.lines();
        let compiler = lines.next().unwrap_or_default().to_owned();
        // `1313417 bytes    16.0 s  ndwire`
        let format = |line: &str| {
            let [bytes, "bytes", seconds, "s", name] = line.split_whitespace().collect::<Vec<_>>()[..] else {
                return None;
            };
            let (_, name) = *NAMES.iter().find(|(binary, _)| *binary == name)?;
            Some(Format { name, bytes: bytes.parse().ok()?, seconds: seconds.parse().ok()? })
        };
        let formats = lines.map(|line| format(line).ok_or_else(|| format!("{}: {line}", path.display())));
        Ok(Size { compiler, formats: formats.collect::<Result<_, _>>()? })
    }

    /// Bytes and seconds of ndwire as multiples of those of rmp-serde.
    pub fn ratios(&self) -> Option<(f64, f64)> {
        let of = |name| self.formats.iter().find(|format| format.name == name);
        let (ours, theirs) = (of("ndwire")?, of("rmp-serde (named)")?);
        Some((ours.bytes / theirs.bytes, ours.seconds / theirs.seconds))
    }

    pub fn markdown(&self) -> String {
        let row = |format: &Format| {
            format!("| {} | {} | {:.1} |\n", format.name, thousands(format.bytes as u64), format.seconds)
        };
        format!(
            "A program with 60 derived types (20 structs of 10 fields, their items and their enums), each encoded and decoded once, in the plain release profile of {}: bytes of text beyond those of the same program without a format, and seconds of processor time to build the program, without what it depends on.

| | bytes of text | seconds |
|---|---:|---:|
{}",
            self.compiler,
            self.formats.iter().map(row).collect::<String>(),
        )
    }
}
