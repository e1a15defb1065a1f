//! Typed events by chance.

use serde_json::{Value as Json, json};

/// What the rows of a list have in common.
enum Pattern {
    Nil,
    Scalar { kind: u64, gaps: bool },
    Other,
    Alike { tag: &'static str, count: u64, element: Box<Pattern> },
    Tuple(Vec<Pattern>),
    Variant(Box<Pattern>),
    Map { tag: &'static str, entries: Vec<(String, Pattern)> },
}

/// Events by chance, the same in every run. Lists lean to elements that are alike, so that all forms occur, and to the limits of tuples.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        // xorshift64: chance is all that is asked of it.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn hex(&mut self, bytes: usize) -> String {
        (0..bytes).map(|_| format!("{:02x}", self.below(256))).collect()
    }

    fn scalar(&mut self, kind: u64) -> Json {
        let int = |tag: &str, value: i128| json!([tag, value.to_string()]);
        let bits = i128::from(self.below(u64::MAX) >> self.below(64));
        match kind {
            0 => json!(["bool", bits % 2 == 0]),
            1 => int("u8", bits & 0xFF),
            2 => int("u16", bits & 0xFFFF),
            3 => int("u32", bits & 0xFFFF_FFFF),
            4 => int("u64", bits),
            5 => int("i8", i128::from(bits as i8)),
            6 => int("i16", i128::from(bits as i16)),
            7 => int("i32", i128::from(bits as i32)),
            8 => int("i64", i128::from(bits as i64)),
            9 => json!(["f32", self.hex(4)]),
            _ => json!(["f64", self.hex(8)]),
        }
    }

    /// Something that is no scalar of a row.
    fn other(&mut self, depth: u64) -> Json {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => json!(["u128", (u128::from(self.below(u64::MAX)) << self.below(64)).to_string()]),
            1 => {
                let code = [65, 233, 8364, 128_512][self.below(4) as usize];
                json!(["char", code])
            }
            2 => {
                let text = "é".repeat([0, 3, 15, 16, 255, 256][self.below(6) as usize]);
                json!(["str", text])
            }
            3 => {
                let len = [0, 3, 511, 512][self.below(4) as usize];
                json!(["bytes", self.hex(len)])
            }
            4 => self.array(),
            5 => json!(["some", ["some", ["nil"]]]),
            6 => {
                let entries = self.below(4);
                json!(["map", (0..entries).map(|_| [self.events(1), self.events(depth - 1)]).collect::<Vec<_>>()])
            }
            _ => self.events(depth - 1),
        }
    }

    /// What rows have in common, down to so many levels.
    fn pattern(&mut self, depth: u64) -> Pattern {
        match self.below(if depth == 0 { 6 } else { 15 }) {
            0..=3 => Pattern::Scalar { kind: self.below(11), gaps: self.below(3) == 0 },
            4 => Pattern::Nil,
            5 => Pattern::Other,
            6..=8 => {
                let tag = ["tuple", "tuple", "tuple_struct", "seq"][self.below(4) as usize];
                let (count, levels) = self.places(depth);
                Pattern::Alike { tag, count, element: Box::new(self.pattern(levels)) }
            }
            9 | 10 => {
                let (count, levels) = self.places(depth);
                Pattern::Tuple(
                    (0..count).map(|place| self.pattern(if place == 0 { depth - 1 } else { levels })).collect(),
                )
            }
            11 => Pattern::Variant(Box::new(self.pattern(depth - 1))),
            _ => {
                let tag = ["struct", "map"][self.below(2) as usize];
                let long = [1, 1, 1, 1, 40, 255, 256][self.below(7) as usize];
                let names = "abcdefghijklmnopqrstuvwxyz".chars().take([0, 1, 2, 3, 4, 23][self.below(6) as usize]);
                let entries = names.map(|name| (name.to_string().repeat(long), self.pattern(depth - 1)));
                Pattern::Map { tag, entries: entries.collect() }
            }
        }
    }

    /// How many places a tuple has, and the levels in them: about the limit of uneven ones, it has no more.
    fn places(&mut self, depth: u64) -> (u64, u64) {
        match self.below(4) {
            0 => (15 + self.below(3), 0),
            _ => (self.below(5), depth - 1),
        }
    }

    /// One row of a pattern; what is in it is something else once in so many times.
    fn row(&mut self, pattern: &Pattern, misfits: u64) -> Json {
        if self.below(misfits) == 0 {
            return match self.below(4) {
                0 => json!(["nil"]),
                1 => json!(["seq", []]),
                2 => self.other(1),
                _ => self.scalar(2),
            };
        }
        match self.below(20) {
            0 => return json!(["some", self.row(pattern, misfits)]),
            1 => return json!(["newtype", self.row(pattern, misfits)]),
            _ => {}
        }
        match pattern {
            Pattern::Scalar { gaps: true, .. } if self.below(3) == 0 => json!(["nil"]),
            Pattern::Scalar { kind, .. } => self.scalar(*kind),
            Pattern::Nil => json!(["nil"]),
            Pattern::Other => self.other(1),
            Pattern::Alike { tag, count, element } => {
                json!([tag, (0..*count).map(|_| self.row(element, misfits)).collect::<Vec<_>>()])
            }
            Pattern::Tuple(elements) => {
                json!(["tuple", elements.iter().map(|element| self.row(element, misfits)).collect::<Vec<_>>()])
            }
            Pattern::Variant(content) => json!(["variant", "Variant", self.row(content, misfits)]),
            Pattern::Map { tag, entries } => {
                let key = |name: &String| if *tag == "map" { json!(["str", name]) } else { json!(name) };
                let entry = |(name, value)| json!([key(name), self.row(value, misfits)]);
                json!([tag, entries.iter().map(|(name, value)| (name, value)).map(entry).collect::<Vec<_>>()])
            }
        }
    }

    /// Anything, but mostly lists of rows that have much in common.
    pub(crate) fn events(&mut self, depth: u64) -> Json {
        match self.below(if depth == 0 { 4 } else { 16 }) {
            0 => json!(["nil"]),
            1..=3 => {
                let kind = self.below(11);
                self.scalar(kind)
            }
            4 => self.other(depth - 1),
            5 => json!(["some", self.events(depth - 1)]),
            6 | 7 => {
                let (kind, count, nils) = (self.below(11), [1, 2, 20, 300][self.below(4) as usize], self.below(3) == 0);
                let element = |random: &mut Self| match nils && random.below(3) == 0 {
                    true => json!(["nil"]),
                    false => random.scalar(kind),
                };
                json!(["seq", (0..count).map(|_| element(self)).collect::<Vec<_>>()])
            }
            // Vectors and arrays of one length, or almost.
            8 => {
                let (kind, rows, columns, ragged) =
                    (self.below(11), self.below(5), 1 + self.below(90), self.below(3) == 0);
                let tag = ["seq", "tuple"][self.below(2) as usize];
                let row = |random: &mut Self| {
                    let columns = columns + u64::from(ragged && random.below(4) == 0);
                    json!([tag, (0..columns).map(|_| random.scalar(kind)).collect::<Vec<_>>()])
                };
                json!(["seq", (0..rows).map(|_| row(self)).collect::<Vec<_>>()])
            }
            _ => self.rows(depth),
        }
    }

    /// A list of rows, mostly like each other.
    pub(crate) fn rows(&mut self, depth: u64) -> Json {
        let levels = 1 + self.below(depth);
        let pattern = self.pattern(levels);
        let misfits = [20, 100, 1000, 10_000][self.below(4) as usize];
        let count = [1, 2, 2, 3, 5, 20, 60][self.below(7) as usize];
        let tag = ["seq", "seq", "tuple"][self.below(3) as usize];
        json!([tag, (0..count).map(|_| self.row(&pattern, misfits)).collect::<Vec<_>>()])
    }

    /// A byte changed, inserted, removed or written twice.
    pub(crate) fn change(&mut self, meta: &mut Vec<u8>) {
        let at = self.below(meta.len() as u64) as usize;
        let tags = [0x10, 0x11, 0x32, 0xA1, 0xA2, 0xB1, 0xB2, 0xC0, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0, 1, 2];
        let byte = match self.below(4) {
            0 => self.below(256) as u8,
            1 => meta[at].wrapping_add(1),
            2 => meta[at].wrapping_sub(1),
            _ => tags[self.below(16) as usize],
        };
        match self.below(8) {
            0 => meta.insert(at, byte),
            1 if meta.len() > 1 => drop(meta.remove(at)),
            2 => meta.insert(at, meta[at]),
            _ => meta[at] = byte,
        }
    }

    fn array(&mut self) -> Json {
        let shape: Vec<usize> = (0..self.below(4)).map(|_| self.below(5) as usize).collect();
        let (dtype, size) = [("u8", 1), ("f16", 2), ("f32", 4), ("complex128", 16)][self.below(4) as usize];
        let order_matters = shape.iter().filter(|&&dim| dim > 1).count() > 1 && !shape.contains(&0);
        let order = if order_matters && self.below(2) == 0 { "F" } else { "C" };
        let len = shape.iter().product::<usize>() * size;
        json!(["array", dtype, shape, order, self.hex(len)])
    }
}
