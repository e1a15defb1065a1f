//! What encoding tables takes, beyond the value itself.

use super::*;

#[derive(Serialize, Clone)]
struct Sample {
    ts: i64,
    x: f32,
    y: f32,
    ok: bool,
}

#[derive(Serialize, Clone)]
struct Labelled {
    id: u32,
    score: Option<f32>,
    label: String,
}

/// Peak bytes beyond the vector that `to_vec` gives back, and those that `to_writer` takes; with META and DATA of the value.
fn taken<T: Serialize>(value: &T) -> (usize, usize, usize, usize) {
    let (bytes, peak, _) = measure(|| to_vec(value).unwrap());
    let meta = meta_len(&bytes);
    let data = bytes.len() - 16 - meta;
    let beyond = peak - bytes.capacity().min(peak);
    assert!(bytes.capacity() <= 2 * bytes.len() + 64 * KIB, "{} for {}", bytes.capacity(), bytes.len());
    let mut written = Vec::with_capacity(bytes.len());
    let ((), to_writer_peak, _) = measure(|| to_writer(value, &mut written).unwrap());
    assert_eq!(written, bytes);
    (beyond, to_writer_peak, meta, data)
}

/// At most so many times META and so many times DATA, and 64 KiB, beyond the vector; `to_writer` takes twice DATA more.
#[track_caller]
fn takes<T: Serialize>(what: &str, value: &T, metas: usize, datas: usize) {
    let (beyond, written, meta, data) = taken(value);
    println!("{what}: META {meta}, DATA {data}: beyond the vector {beyond}, to_writer {written}");
    let allowed = metas * meta + datas * data + 64 * KIB;
    assert!(beyond <= allowed, "{what}: {beyond} beyond the vector, META {meta}, DATA {data}, allowed {allowed}");
    assert!(written <= allowed + 2 * data, "{what}: {written} to write, META {meta}, DATA {data}");
}

fn sample(n: usize) -> Sample {
    Sample { ts: n as i64, x: 0.5, y: 0.25, ok: n.is_multiple_of(2) }
}

fn labelled(n: usize, len: usize) -> Labelled {
    Labelled { id: n as u32, score: n.is_multiple_of(2).then_some(0.5), label: "l".repeat(len) }
}

#[test]
fn tables_that_are_alike_are_written_where_they_stay() {
    takes("flat", &(0..50_000).map(sample).collect::<Vec<_>>(), 2, 0);
    takes("flat, behind a payload", &("x".repeat(1000), (0..50_000).map(sample).collect::<Vec<_>>()), 2, 0);
    takes("flat, three", &vec![(0..20_000).map(sample).collect::<Vec<_>>(); 3], 2, 1);
    takes("tuples", &vec![(1u8, 2.5f64, 3u16); 50_000], 2, 0);
    takes("tuples that are blocks", &vec![(1.5f32, 2.5f32); 50_000], 2, 0);
    let nested: Vec<_> = (0..20_000).map(|n| (sample(n).ts, [[0.5f32; 3]; 3], "")).collect();
    takes("tuples with subarrays", &nested, 2, 0);
}

/// Node leaves stand in META, payloads of theirs are gathered apart until the list ends: twice what they take.
#[test]
fn tables_with_nodes_and_payloads() {
    takes("node leaves", &(0..50_000).map(|n| labelled(n, 10)).collect::<Vec<_>>(), 3, 2);
    takes("payloads", &(0..2_000).map(|n| labelled(n, 2_000)).collect::<Vec<_>>(), 2, 2);
    let inner = |n: usize| (0..100).map(|m| labelled(n + m, 10)).collect::<Vec<_>>();
    takes("tables in tables", &(0..500).map(|n| BTreeMap::from([("rows", inner(n))])).collect::<Vec<_>>(), 2, 2);
    let flat = |n: usize| (0..100).map(|m| sample(n + m)).collect::<Vec<_>>();
    takes("flat tables in tables", &(0..500).map(|n| BTreeMap::from([("rows", flat(n))])).collect::<Vec<_>>(), 2, 2);
}

/// What changes its form at the end is packed once more.
#[test]
fn tables_that_change_at_the_end() {
    let rows = |gaps: fn(usize) -> bool| {
        (0..50_000)
            .map(|n| BTreeMap::from([("a", (!gaps(n)).then_some(n as f64)), ("b", Some(0.5))]))
            .collect::<Vec<_>>()
    };
    takes("a gap in the last row", &rows(|n| n == 49_999), 2, 2);
    takes("a gap in the first row", &rows(|n| n == 0), 2, 2);
    takes("gaps by turns", &rows(|n| n % 2 == 0), 2, 2);
    let texts = |text: fn(usize) -> bool| {
        (0..50_000)
            .map(|n| BTreeMap::from([("a", if text(n) { Ok("text") } else { Err(n as f64) }), ("b", Err(0.5))]))
            .map(|map| map.into_iter().map(|(key, value)| (key, Either(value))).collect::<BTreeMap<_, _>>())
            .collect::<Vec<_>>()
    };
    takes("a text in the last row", &texts(|n| n == 49_999), 3, 3);
    takes("texts by turns", &texts(|n| n % 2 == 0), 3, 3);
    let mut plain: Vec<_> = (0..50_000).map(|n| Either(Err(labelled(n, 10)))).collect();
    plain.push(Either(Ok("text")));
    takes("plain at the last row", &plain, 4, 2);
    let mut plain: Vec<_> = (0..2_000).map(|n| Either(Err(labelled(n, 2_000)))).collect();
    plain.push(Either(Ok("text")));
    takes("plain at the last row, with payloads", &plain, 4, 3);
}

/// A row that forgets what the next one may still need is kept as it came: with its shape, until the list ends.
#[test]
fn tuples_that_change_at_every_row() {
    let one_or_other = |n: usize| Either(if n.is_multiple_of(2) { Ok(1u8) } else { Err(0.5f32) });
    let (beyond, ..) = taken(&(0..30_000).map(|n| (one_or_other(n), n as u32)).collect::<Vec<_>>());
    println!("two leaves: {} bytes a row", beyond / 30_000);
    assert!(beyond <= 320 * 30_000, "{beyond}");
    let four = |n: usize| [0, 1, 0, 1].map(|m| one_or_other(n + m));
    let wide = |n: usize| (four(n), four(n), four(n), four(n));
    let flat = |n: usize| {
        let ((a, b), (c, d)) = ((one_or_other(n), n as u32), (one_or_other(n), n as u64));
        (
            a,
            b,
            c,
            d,
            n as u8,
            n as u16,
            one_or_other(n),
            n as u8,
            n as u8,
            n as u8,
            n as u8,
            n as u8,
            n as u8,
            n as u8,
            n as u8,
            1u64,
        )
    };
    let (beyond, ..) = taken(&(0..10_000).map(flat).collect::<Vec<_>>());
    println!("sixteen leaves: {} bytes a row", beyond / 10_000);
    assert!(beyond <= 1_600 * 10_000, "{beyond}");
    let (beyond, ..) = taken(&(0..10_000).map(wide).collect::<Vec<_>>());
    println!("four tuples: {} bytes a row", beyond / 10_000);
    assert!(beyond <= 1_600 * 10_000, "{beyond}");
}

#[derive(Clone)]
struct Either<A, B>(Result<A, B>);

impl<A: Serialize, B: Serialize> Serialize for Either<A, B> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(one) => one.serialize(serializer),
            Err(other) => other.serialize(serializer),
        }
    }
}
