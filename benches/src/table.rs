//! One case: every format encodes and decodes it in one interleaved run, beside `memcpy` of its bytes.

use std::fmt::Write as _;
use std::hint::black_box;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::allocations::count;
use crate::measure::{Competitor, Plan, interleaved, thousands, time};
use crate::peers::{Bincode, Bitcode, Cbor4ii, Ciborium, Format, Ndwire, Postcard, RmpSerde, SerdeJson};

pub const MEMCPY: &str = "memcpy";
pub const MEMCPY_REUSED: &str = "memcpy, reused buffer";
pub const ENCODE_INTO: &str = "ndwire `encode_into`, reused buffer";

/// What `memcpy` copies for a case: as bytes, and as a vector of the elements.
pub struct Baseline<E> {
    /// What is copied, in words.
    pub of: &'static str,
    pub bytes: Vec<u8>,
    pub elements: Vec<E>,
}

/// What one competitor took for one case, in nanoseconds; or why it could not.
pub struct Row {
    pub name: &'static str,
    pub encode: Result<f64, String>,
    pub decode: Result<f64, String>,
    pub bytes: Option<usize>,
}

pub struct Table {
    pub title: &'static str,
    pub baseline: &'static str,
    pub rows: Vec<Row>,
    /// Of `encode_into` a buffer that has held the value before.
    pub allocations: usize,
}

type Work<'a, Input> = dyn Fn(&Input) + 'a;

/// A format that went there and back before anything was timed.
pub struct Entrant<'a, T> {
    name: &'static str,
    encoded: Vec<u8>,
    encode: Box<Work<'a, T>>,
    decode: Box<Work<'a, [u8]>>,
}

fn entrant<'a, F: Format, T: Serialize + DeserializeOwned + PartialEq + 'a>(value: &T) -> Result<Entrant<'a, T>, Row> {
    let refusal = |encode: &str, decode: &str, bytes| Row {
        name: F::NAME,
        encode: Err(encode.to_owned()),
        decode: Err(decode.to_owned()),
        bytes,
    };
    let encoded = F::encode(value).map_err(|words| refusal(&words, "could not be encoded", None))?;
    match F::decode::<T>(&encoded) {
        Err(words) => return Err(refusal("not timed: could not be decoded", &words, Some(encoded.len()))),
        Ok(decoded) if decoded != *value => {
            let words = "another value came back";
            return Err(refusal(words, words, Some(encoded.len())));
        }
        Ok(_) => {}
    }
    Ok(Entrant {
        name: F::NAME,
        encoded,
        encode: Box::new(|value| {
            black_box(F::encode(black_box(value)).expect("encoded before"));
        }),
        decode: Box::new(|bytes| {
            black_box(F::decode::<T>(black_box(bytes)).expect("decoded before"));
        }),
    })
}

impl<'a, T> Entrant<'a, T> {
    /// One beside the formats, which has its own idea of the value.
    pub fn new(
        name: &'static str,
        encoded: Vec<u8>,
        encode: impl Fn() -> Vec<u8> + 'a,
        decode: impl Fn(&[u8]) + 'a,
    ) -> Self {
        let encode = Box::new(move |_: &T| {
            black_box(encode());
        });
        Entrant { name, encoded, encode, decode: Box::new(move |bytes| decode(black_box(bytes))) }
    }
}

/// Measures a case, with entrants beside the formats.
pub fn measure<T, E>(
    title: &'static str,
    value: &T,
    baseline: &Baseline<E>,
    plan: Plan,
    beside: Vec<Entrant<'_, T>>,
) -> Table
where
    T: Serialize + DeserializeOwned + PartialEq,
    E: Copy,
{
    let (mut entrants, refused) = entrants(value);
    entrants.splice(1..1, beside);
    timed(title, value, baseline, plan, (entrants, refused))
}

/// Every format that can do it, and the rows of those that cannot.
fn entrants<'a, T>(value: &T) -> (Vec<Entrant<'a, T>>, Vec<Row>)
where
    T: Serialize + DeserializeOwned + PartialEq + 'a,
{
    let mut entrants = Vec::new();
    let mut refused = Vec::new();
    macro_rules! enter {
        ($($format:ident)*) => {$(
            match entrant::<$format, T>(value) {
                Ok(entrant) => entrants.push(entrant),
                Err(row) => refused.push(row),
            }
        )*};
    }
    crate::for_each_format!(enter);
    (entrants, refused)
}

fn timed<T, E>(
    title: &'static str,
    value: &T,
    baseline: &Baseline<E>,
    plan: Plan,
    (entrants, refused): (Vec<Entrant<'_, T>>, Vec<Row>),
) -> Table
where
    T: Serialize,
    E: Copy,
{
    let mut reused_copy = Vec::new();
    let mut reused = Vec::new();
    let mut encoders = vec![
        Competitor::new(MEMCPY, || {
            black_box(black_box(&baseline.bytes).to_vec());
        }),
        Competitor::new(MEMCPY_REUSED, || {
            reused_copy.clear();
            reused_copy.extend_from_slice(black_box(&baseline.bytes));
            black_box(&reused_copy);
        }),
        Competitor::new(ENCODE_INTO, || {
            reused.clear();
            ndwire::encode_into(black_box(value), &mut reused).expect("encoded before");
            black_box(&reused);
        }),
    ];
    let fixed = encoders.len();
    encoders.extend(entrants.iter().map(|entrant| Competitor::new(entrant.name, || (entrant.encode)(value))));
    let encode = interleaved(&mut encoders, plan);
    drop(encoders);

    let mut decoders = vec![Competitor::new(MEMCPY, || {
        black_box(black_box(&baseline.elements).to_vec());
    })];
    decoders
        .extend(entrants.iter().map(|entrant| Competitor::new(entrant.name, || (entrant.decode)(&entrant.encoded))));
    let decode = interleaved(&mut decoders, plan);
    drop(decoders);

    let (_, allocations) = count(|| {
        reused.clear();
        ndwire::encode_into(value, &mut reused)
    });

    let encode_only = |name, encode, bytes| Row { name, encode: Ok(encode), decode: Err(String::new()), bytes };
    let bytes = baseline.bytes.len();
    let mut rows = vec![
        Row { name: MEMCPY, encode: Ok(encode[0]), decode: Ok(decode[0]), bytes: Some(bytes) },
        encode_only(MEMCPY_REUSED, encode[1], Some(bytes)),
        encode_only(ENCODE_INTO, encode[2], Some(reused.len())),
    ];
    for (index, entrant) in entrants.iter().enumerate() {
        let (encode, decode) = (Ok(encode[fixed + index]), Ok(decode[1 + index]));
        rows.push(Row { name: entrant.name, encode, decode, bytes: Some(entrant.encoded.len()) });
    }
    rows.extend(refused);
    Table { title, baseline: baseline.of, rows, allocations: allocations.calls }
}

impl Table {
    pub fn row(&self, name: &str) -> &Row {
        self.rows.iter().find(|row| row.name == name).expect("every table has its fixed rows and every format")
    }

    /// Times of `name` as a multiple of `memcpy` into a buffer of the same kind.
    pub fn ratio(&self, name: &str, of: fn(&Row) -> &Result<f64, String>) -> Option<f64> {
        let reused = name == MEMCPY_REUSED || name == ENCODE_INTO;
        let base = self.row(if reused { MEMCPY_REUSED } else { MEMCPY });
        Some(of(self.row(name)).as_ref().ok()? / of(base).as_ref().ok()?)
    }

    pub fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n`memcpy` copies {}.\n\n", self.title, self.baseline);
        text.push_str("| | encode | × memcpy | decode | × memcpy | bytes |\n|---|---:|---:|---:|---:|---:|\n");
        let mut reasons = String::new();
        for row in &self.rows {
            let cells = |took: &Result<f64, String>, of| match took {
                Ok(took) => (time(*took), self.ratio(row.name, of).map_or_else(String::new, |r| format!("{r:.2}"))),
                Err(reason) if reason.is_empty() => (String::new(), String::new()),
                Err(_) => ("n/a".to_owned(), String::new()),
            };
            let (encode, encode_ratio) = cells(&row.encode, |row| &row.encode);
            let (decode, decode_ratio) = cells(&row.decode, |row| &row.decode);
            let bytes = row.bytes.map_or_else(|| "n/a".to_owned(), |bytes| thousands(bytes as u64));
            let name = row.name;
            // Writing to a string does not fail.
            let _ = writeln!(text, "| {name} | {encode} | {encode_ratio} | {decode} | {decode_ratio} | {bytes} |");
            for (what, took) in [("encode", &row.encode), ("decode", &row.decode)] {
                if let Some(reason) = took.as_ref().err().filter(|reason| !reason.is_empty()) {
                    let _ = writeln!(reasons, "* n/a: {name}, {what}: {reason}");
                }
            }
        }
        if !reasons.is_empty() {
            let _ = write!(text, "\n{reasons}");
        }
        text
    }
}
