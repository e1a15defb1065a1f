//! Instructions of ndwire's own work, counted by valgrind's callgrind: the same on every run with one compiler, whatever else
//! the machine does. The counts stand in `instructions.txt`, with the compiler that they are of.

use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};

use crate::cases::tables::{ByElement, Detection, detections};
use crate::cases::{self, Small, Viewed};
use crate::environment::compiler;

/// Its call, and the drop of what it gives, are counted.
type Work = Box<dyn FnMut()>;

pub const VIEW_ALONE: &str = "decode a borrowed array of 256 KiB, alone";
pub const VIEW: &str = "decode a borrowed array of 256 KiB, in a struct";

type Case = (&'static str, fn() -> Work);

/// What is counted. The list of structs is the same in each.
pub const CASES: [Case; 9] = [
    ("encode 32 structs, a `Vec`", || encode(detections(32))),
    ("encode 32 structs, an array", || encode(<[Detection; 32]>::try_from(detections(32)).expect("32 are 32"))),
    ("encode 32 structs, element by element", || {
        let list = detections(32);
        Box::new(move || drop(black_box(ndwire::to_vec(black_box(&ByElement(&list))))))
    }),
    ("decode 32 structs", || decode::<Vec<Detection>>(&detections(32))),
    ("encode a stock `Array2` of 4 KiB", || encode(cases::square(32))),
    ("encode id, label and 768 floats", || encode(cases::small())),
    ("decode id, label and 768 floats", || decode::<Small>(&cases::small())),
    (VIEW_ALONE, || {
        let bytes = encoded(&ndwire::AsArray(&cases::square(256)));
        Box::new(move || view::<ndwire::ArrayView<'_, f32>>(&bytes))
    }),
    (VIEW, || {
        let bytes = encoded(&cases::attributed(256));
        Box::new(move || view::<Viewed<'_>>(&bytes))
    }),
];

fn encoded(value: &impl Serialize) -> Vec<u8> {
    ndwire::to_vec(value).expect("every case can be encoded")
}

fn encode<T: Serialize + 'static>(value: T) -> Work {
    Box::new(move || drop(black_box(ndwire::to_vec(black_box(&value)))))
}

fn decode<T: DeserializeOwned>(value: &impl Serialize) -> Work {
    let bytes = encoded(value);
    Box::new(move || drop(black_box(ndwire::from_slice::<T>(black_box(&bytes)))))
}

fn view<'de, T: Deserialize<'de>>(bytes: &'de [u8]) {
    drop(black_box(ndwire::from_slice::<T>(black_box(bytes))));
}

/// Where callgrind counts.
#[inline(never)]
fn counted_by_callgrind(work: &mut dyn FnMut()) {
    work();
}

/// Does the work of a case twice, the second time to be counted: then the allocator has its memory.
pub fn run(case: usize) {
    let mut work = CASES[case].1();
    work();
    counted_by_callgrind(&mut work);
}

/// Counts a case in a process of its own: this program, which has to call [`run`] when it is started with the number of a case.
///
/// # Errors
/// In words, if valgrind does not run or says something that is not understood.
pub fn count(case: usize) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted_by_callgrind*"])
        .arg(program)
        .arg(case.to_string())
        .output()
        .map_err(|error| format!("valgrind could not be started: {error}"))?;
    let words = String::from_utf8_lossy(&output.stderr);
    // `==123== Collected : 6011`
    let count = words.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    count.filter(|_| output.status.success()).ok_or_else(|| format!("valgrind ended with {}:\n{words}", output.status))
}

/// The committed counts.
pub struct Counts {
    /// Compiler and processor that they are of.
    pub of: String,
    /// By the names of the cases.
    pub counts: Vec<(String, u64)>,
}

impl Counts {
    pub fn path() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("instructions.txt")
    }

    /// # Errors
    /// In words, if the file cannot be read.
    pub fn read() -> Result<Counts, String> {
        let path = Counts::path();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut lines = text.lines();
        let of = lines.next().unwrap_or_default().to_owned();
        let line = |line: &str| {
            let (count, name) = line.trim().split_once("  ")?;
            Some((name.to_owned(), count.parse().ok()?))
        };
        Ok(Counts { of, counts: lines.filter_map(line).collect() })
    }

    pub fn text(&self) -> String {
        let lines = self.counts.iter().map(|(name, count)| format!("{count:>8}  {name}\n"));
        format!("{}\n{}", self.of, lines.collect::<String>())
    }

    pub fn get(&self, name: &str) -> Option<u64> {
        self.counts.iter().find(|(other, _)| other == name).map(|(_, count)| *count)
    }
}

/// The compiler and the processor of this machine.
pub fn here() -> String {
    format!("{}, {}", compiler(), std::env::consts::ARCH)
}
