//! Lists of structs.

use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::{Numbers, bytes_of};

#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Copy, Debug)]
pub struct Vector {
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Copy, Debug)]
pub struct Triangle {
    pub v0: Vector,
    pub v1: Vector,
    pub v2: Vector,
    pub normal: Vector,
}

#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Copy, Debug)]
pub struct Sample {
    pub ts: i64,
    pub x: f32,
    pub y: f32,
    pub ok: bool,
}

#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Debug)]
pub struct Detection {
    pub class: u16,
    pub score: f32,
    pub bbox: [f32; 4],
    pub label: String,
}

#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Debug)]
pub struct Address {
    pub x0: u8,
    pub x1: u8,
    pub x2: u8,
    pub x3: u8,
}

#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Debug)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub timezone: String,
}

/// A line in the log of a web server.
#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Debug)]
pub struct Entry {
    pub address: Address,
    pub identity: String,
    pub userid: String,
    pub date: Date,
    pub request: String,
    pub code: u16,
    pub size: u64,
}

/// What happened, with only the fields that this kind of event has: ndwire writes a list of them plain.
#[derive(DeriveSerialize, Deserialize, PartialEq, Clone, Debug)]
pub struct Event {
    pub ts: i64,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
}

/// A list that is written with a call for each element, as containers of other crates do it.
pub struct ByElement<'a, T>(pub &'a [T]);

impl<T: Serialize> Serialize for ByElement<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for element in self.0 {
            list.serialize_element(element)?;
        }
        list.end()
    }
}

/// What is chosen from, and how the numbers are spread.
impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        // The high bits are the better ones.
        (self.bits() >> 16) % limit
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// From `low` to `high`.
    fn float_in(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.float() + 1.0) / 2.0
    }

    fn vector(&mut self, size: f32) -> Vector {
        Vector { x: size * self.float(), y: size * self.float(), z: size * self.float() }
    }
}

/// Small triangles in a cube, each with its normal.
pub fn mesh(count: usize) -> Vec<Triangle> {
    let mut numbers = Numbers::default();
    let triangle = |_| {
        let v0 = numbers.vector(1.0);
        let (side, other) = (numbers.vector(0.01), numbers.vector(0.01));
        Triangle { v0, v1: plus(v0, side), v2: plus(v0, other), normal: normal(side, other) }
    };
    (0..count).map(triangle).collect()
}

fn plus(a: Vector, b: Vector) -> Vector {
    Vector { x: a.x + b.x, y: a.y + b.y, z: a.z + b.z }
}

/// Of length 1, at a right angle to both.
fn normal(a: Vector, b: Vector) -> Vector {
    let (x, y, z) = (a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
    let length = (x * x + y * y + z * z).sqrt();
    Vector { x: x / length, y: y / length, z: z / length }
}

/// What `memcpy` copies of a mesh.
pub fn mesh_bytes(triangles: &[Triangle]) -> Vec<u8> {
    let vectors = triangles.iter().flat_map(|triangle| [triangle.v0, triangle.v1, triangle.v2, triangle.normal]);
    let floats: Vec<f32> = vectors.flat_map(|vector| [vector.x, vector.y, vector.z]).collect();
    bytes_of(&floats)
}

/// Every 10 ms or a little later, in microseconds since 1970; one in 50 is not ok.
pub fn samples(count: usize) -> Vec<Sample> {
    let mut numbers = Numbers::default();
    let mut ts = 1_790_000_000_000_000;
    let sample = |_| {
        ts += 10_000 + numbers.below(200) as i64;
        Sample { ts, x: numbers.float(), y: numbers.float(), ok: numbers.below(50) != 0 }
    };
    (0..count).map(sample).collect()
}

/// The samples' values without padding, 17 bytes each.
pub fn sample_bytes(samples: &[Sample]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(samples.len() * 17);
    for Sample { ts, x, y, ok } in samples {
        bytes.extend_from_slice(&ts.to_le_bytes());
        bytes.extend_from_slice(&x.to_le_bytes());
        bytes.extend_from_slice(&y.to_le_bytes());
        bytes.push(u8::from(*ok));
    }
    bytes
}

/// Classes of everyday things in photographs; the class is the place in this list.
const CLASSES: [&str; 80] = [
    "person",
    "bicycle",
    "car",
    "motorcycle",
    "airplane",
    "bus",
    "train",
    "truck",
    "boat",
    "traffic light",
    "fire hydrant",
    "stop sign",
    "parking meter",
    "bench",
    "bird",
    "cat",
    "dog",
    "horse",
    "sheep",
    "cow",
    "elephant",
    "bear",
    "zebra",
    "giraffe",
    "backpack",
    "umbrella",
    "handbag",
    "tie",
    "suitcase",
    "frisbee",
    "skis",
    "snowboard",
    "sports ball",
    "kite",
    "baseball bat",
    "baseball glove",
    "skateboard",
    "surfboard",
    "tennis racket",
    "bottle",
    "wine glass",
    "cup",
    "fork",
    "knife",
    "spoon",
    "bowl",
    "banana",
    "apple",
    "sandwich",
    "orange",
    "broccoli",
    "carrot",
    "hot dog",
    "pizza",
    "donut",
    "cake",
    "chair",
    "couch",
    "potted plant",
    "bed",
    "dining table",
    "toilet",
    "tv",
    "laptop",
    "mouse",
    "remote",
    "keyboard",
    "cell phone",
    "microwave",
    "oven",
    "toaster",
    "sink",
    "refrigerator",
    "book",
    "clock",
    "vase",
    "scissors",
    "teddy bear",
    "hair drier",
    "toothbrush",
];

/// Boxes in an image of 640 × 427 pixels.
pub fn detections(count: usize) -> Vec<Detection> {
    let mut numbers = Numbers::default();
    let detection = |_| {
        let class = numbers.below(CLASSES.len() as u64) as usize;
        let (left, top) = (numbers.float_in(0.0, 600.0), numbers.float_in(0.0, 400.0));
        Detection {
            class: class as u16,
            score: numbers.float_in(0.25, 1.0),
            bbox: [left, top, numbers.float_in(left, 640.0), numbers.float_in(top, 427.0)],
            label: CLASSES[class].to_owned(),
        }
    };
    (0..count).map(detection).collect()
}

const USERS: [&str; 8] = ["anna", "bjorn", "camila", "dmitri", "elif", "farah", "giovanni", "hyun"];
const ZONES: [&str; 5] = ["+0000", "+0100", "-0500", "+0530", "-0800"];
const METHODS: [&str; 8] = ["GET", "GET", "GET", "GET", "GET", "POST", "HEAD", "PUT"];
const PATHS: [&str; 10] = [
    "/",
    "/index.html",
    "/favicon.ico",
    "/static/app.js",
    "/static/style.css",
    "/images/",
    "/articles/",
    "/api/v1/items/",
    "/search?q=",
    "/login",
];
const PROTOCOLS: [&str; 3] = ["HTTP/1.1", "HTTP/1.0", "HTTP/2.0"];
const CODES: [u16; 10] = [200, 200, 200, 200, 204, 301, 304, 403, 404, 500];

/// Logins, payments and failures in turn.
pub fn events(count: usize) -> Vec<Event> {
    let mut numbers = Numbers::default();
    let event = |index: usize| {
        let kind = ["login", "payment", "failure"][index % 3];
        Event {
            ts: 1_790_000_000_000_000 + index as i64 * 1_000,
            kind: kind.to_owned(),
            user: (kind != "failure").then(|| numbers.one_of(&USERS).to_owned()),
            amount: (kind == "payment").then(|| numbers.below(100_000) as f64 / 100.0),
            code: (kind == "failure").then(|| numbers.one_of(&CODES)),
        }
    };
    (0..count).map(event).collect()
}

/// A few requests a second. Few visitors say who they are; the sizes are as often of 5 as of 8 digits.
pub fn log(count: usize) -> Vec<Entry> {
    let mut numbers = Numbers::default();
    (0..count).map(|index| entry(&mut numbers, index as u64 / 4)).collect()
}

fn entry(numbers: &mut Numbers, second: u64) -> Entry {
    let mut byte = || numbers.below(256) as u8;
    let address = Address { x0: byte(), x1: byte(), x2: byte(), x3: byte() };
    let userid = if numbers.below(4) == 0 { numbers.one_of(&USERS) } else { "-" };
    let code = numbers.one_of(&CODES);
    Entry {
        address,
        identity: "-".to_owned(),
        userid: userid.to_owned(),
        date: Date {
            year: 2026,
            month: 11,
            day: 23,
            hour: (8 + second / 3600 % 16) as u8,
            minute: (second / 60 % 60) as u8,
            second: (second % 60) as u8,
            timezone: numbers.one_of(&ZONES).to_owned(),
        },
        request: request(numbers),
        code,
        size: if matches!(code, 204 | 304) { 0 } else { size(numbers) },
    }
}

/// Method, path and protocol.
fn request(numbers: &mut Numbers) -> String {
    let (method, path, protocol) = (numbers.one_of(&METHODS), numbers.one_of(&PATHS), numbers.one_of(&PROTOCOLS));
    // What is in a collection, or searched for, has a name.
    let name = if path.len() > 1 && path.ends_with(['/', '=']) {
        let (word, number) = (numbers.words(1), numbers.below(100_000));
        format!("{word}-{number}")
    } else {
        String::new()
    };
    format!("{method} {path}{name} {protocol}")
}

/// From 0 to 100 million, large ones as often as small ones.
fn size(numbers: &mut Numbers) -> u64 {
    let limit = 10u64.pow(1 + numbers.below(8) as u32);
    numbers.below(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_are_the_same_on_every_run() {
        assert_eq!(mesh(100), mesh(100));
        assert_eq!(samples(100), samples(100));
        assert_eq!(detections(100), detections(100));
        assert_eq!(log(100), log(100));
    }

    #[test]
    fn payloads_are_as_large_as_their_values() {
        assert_eq!(mesh_bytes(&mesh(100)).len(), 100 * 12 * 4);
        assert_eq!(sample_bytes(&samples(100)).len(), 100 * 17);
    }

    #[test]
    fn normals_have_length_1() {
        for Triangle { normal: Vector { x, y, z }, .. } in mesh(1_000) {
            assert!(((x * x + y * y + z * z).sqrt() - 1.0).abs() < 1e-6, "{x} {y} {z}");
        }
    }

    #[test]
    fn boxes_lie_in_the_image_and_labels_are_of_their_class() {
        for Detection { class, score, bbox: [left, top, right, bottom], label } in detections(1_000) {
            assert!(0.0 <= left && left <= right && right <= 640.0, "{left} {right}");
            assert!(0.0 <= top && top <= bottom && bottom <= 427.0, "{top} {bottom}");
            assert!((0.25..=1.0).contains(&score), "{score}");
            assert_eq!(CLASSES[usize::from(class)], label);
        }
    }

    #[test]
    fn element_by_element_gives_the_same_bytes() {
        let detections = detections(10);
        let whole = ndwire::to_vec(&detections).expect("it can be encoded");
        assert_eq!(ndwire::to_vec(&ByElement(&detections)).expect("it can be encoded"), whole);
    }
}
