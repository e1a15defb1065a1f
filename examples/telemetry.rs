//! A list of 10,000 structs in Redis, which is a table: read as structs, and by its columns.
//!
//! ```text
//! cargo run --example telemetry
//! ```

use std::error::Error;
use std::time::Instant;

use ndwire::redis::{Packed, Received};
use ndwire::{Columns, Layout, TableView};
use redis::Commands;
use serde::{Deserialize, Serialize};

/// What an accelerometer says, 100 times a second.
#[derive(Serialize, Deserialize, PartialEq)]
struct Sample {
    /// Microseconds since 1970.
    ts: i64,
    x: f32,
    y: f32,
    ok: bool,
}

/// No attribute makes a table of the samples.
#[derive(Serialize, Deserialize, PartialEq)]
struct Telemetry {
    sensor: String,
    samples: Vec<Sample>,
}

ndwire::redis_value!(Telemetry);

/// The same value, to be read by columns: the rows stay where they are in the reply.
#[derive(Deserialize)]
struct TelemetryView<'a> {
    sensor: &'a str,
    #[serde(borrow)]
    samples: TableView<'a>,
}

/// The same value, to be written by a program that has columns and no structs.
#[derive(Serialize)]
struct TelemetryColumns<'a> {
    sensor: &'a str,
    samples: Columns<'a>,
}

/// Two masses on springs that something shakes; every 500th reading fails. The same numbers on every machine.
fn record() -> Telemetry {
    let mut random = 1u64;
    let mut shake = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    let (mut x, mut y, mut x_speed, mut y_speed) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    let samples = (0..10_000).map(|i| {
        x_speed = 0.99 * x_speed - 0.01 * x + 0.1 * shake();
        y_speed = 0.99 * y_speed - 0.04 * y + 0.1 * shake();
        x += x_speed;
        y += y_speed;
        Sample { ts: 1_767_225_600_000_000 + 10_000 * i, x, y, ok: i % 500 != 499 }
    });
    Telemetry { sensor: "north mast".to_string(), samples: samples.collect() }
}

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = record();
    let server = ndwire_examples::Server::choose()?;
    println!("server: {}", server.mode);
    let mut con = server.connect()?;
    let key = format!("ndwire-telemetry:{}:mast", std::process::id());

    let start = Instant::now();
    con.set_ex::<_, _, ()>(&key, &telemetry, 60)?;
    let stored_in = start.elapsed();

    let start = Instant::now();
    let again: Telemetry = con.get(&key)?;
    let read_in = start.elapsed();

    // Names and types stand there once, so the layout of 10,000 structs is one line.
    let reply: Received = con.get(&key)?;
    con.del::<_, ()>(&key)?;
    let build = if cfg!(debug_assertions) { " (debug build)" } else { "" };
    println!("key:    {key}, stored in {stored_in:.1?}, read in {read_in:.1?}{build}");
    print!("{}", Layout::of(reply.as_bytes())?);

    // By columns: no struct is made, and no row is copied.
    let view: TelemetryView = reply.decode()?;
    let payload = view.samples.bytes().len();
    let json = serde_json::to_string(&telemetry)?.len();
    println!(
        "bytes:  {}, {payload} of them the rows of {} bytes; as JSON {json}",
        reply.len(),
        view.samples.schema().map_or(0, ndwire::Schema::width)
    );
    for column in view.samples.columns() {
        println!("column: {}, {}", column.name(), column.dtype().map_or("values", |dtype| dtype.name()));
    }
    let sum = |name: &str| Ok::<f32, ndwire::Error>(view.samples.column(name)?.iter::<f32>()?.sum());
    let good = view.samples.column("ok")?.iter::<bool>()?.filter(|&ok| ok).count();
    println!(
        "sums:   x {:.1}, y {:.1}, {good} good of {} of {}",
        sum("x")?,
        sum("y")?,
        view.samples.len(),
        view.sensor
    );

    // A column can be had as a vector, and vectors are written as a table: the same bytes.
    let (ts, x) = (view.samples.column("ts")?.to_vec::<i64>()?, view.samples.column("x")?.to_vec::<f32>()?);
    let (y, ok) = (view.samples.column("y")?.to_vec::<f32>()?, view.samples.column("ok")?.to_vec::<bool>()?);
    let samples = Columns::new().with("ts", &ts).with("x", &x).with("y", &y).with("ok", &ok);
    let from_columns = Packed::encode(&TelemetryColumns { sensor: view.sensor, samples })?;
    if from_columns.to_vec() != reply.as_bytes() {
        return Err("the columns give other bytes than the structs".into());
    }
    if again != telemetry {
        return Err("what was read is not what was stored".into());
    }
    println!("read back equal, and the same bytes from columns");
    Ok(())
}
