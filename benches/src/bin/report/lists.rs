//! Lists of structs, which ndwire writes as tables.

use ndwire_benches::cases::tables::{detections, log, mesh, mesh_bytes, sample_bytes, samples};
use ndwire_benches::measure::Plan;
use ndwire_benches::table::{Baseline, Table, measure_list};
use serde::Serialize;

pub const MESH: &str = "*mesh*: 125,000 triangles, nested structs of f32";
pub const SAMPLES: &str = "10,000 samples `{ts: i64, x: f32, y: f32, ok: bool}`";
pub const DETECTIONS: &str = "100 detections `{class: u16, score: f32, bbox: [f32; 4], label: String}`";
pub const LOG: &str = "*log*: 10,000 entries of text, a nested address and date, small numbers";

pub fn tables(plan: Plan, wanted: &dyn Fn(&str) -> bool) -> Vec<Table> {
    let mut tables = Vec::new();
    if wanted(MESH) {
        let value = mesh(125_000);
        let baseline = Baseline { of: "the triangles", bytes: mesh_bytes(&value), elements: value.clone() };
        tables.push(measure_list(MESH, &value, &baseline, plan.of_long_calls()));
    }
    if wanted(SAMPLES) {
        let value = samples(10_000);
        // In memory a sample has 24 bytes.
        let of = "the values without padding, or the structs";
        let baseline = Baseline { of, bytes: sample_bytes(&value), elements: value.clone() };
        tables.push(measure_list(SAMPLES, &value, &baseline, plan));
    }
    if wanted(DETECTIONS) {
        let value = detections(100);
        tables.push(measure_list(DETECTIONS, &value, &encoding(&value), plan));
    }
    if wanted(LOG) {
        let value = log(10_000);
        tables.push(measure_list(LOG, &value, &encoding(&value), plan));
    }
    tables
}

/// For values with text, of which there is no payload to copy.
fn encoding(value: &impl Serialize) -> Baseline<u8> {
    let elements = ndwire::to_vec(value).expect("every case can be encoded");
    Baseline { of: "ndwire's encoding", bytes: elements.clone(), elements }
}
