//! What goes in comes out, over the whole data model of serde; and which bytes it becomes, against a second writer of the specification.

#![allow(clippy::type_complexity, clippy::large_enum_variant, reason = "types are nested here because they are tested")]

#[path = "roundtrip/borders.rs"]
mod borders;
#[path = "common/bytes.rs"]
mod bytes;
#[path = "roundtrip/examples.rs"]
mod examples;
#[path = "roundtrip/form.rs"]
mod form;
#[path = "roundtrip/model.rs"]
mod model;
#[path = "roundtrip/nested.rs"]
mod nested;
#[path = "roundtrip/oracle.rs"]
mod oracle;
#[path = "roundtrip/properties.rs"]
mod properties;
#[path = "roundtrip/rows.rs"]
mod rows;
#[path = "roundtrip/seen.rs"]
mod seen;
#[path = "roundtrip/strategies.rs"]
mod strategies;
#[path = "roundtrip/tables.rs"]
mod tables;
#[path = "roundtrip/transcode.rs"]
mod transcode;
#[path = "roundtrip/typed.rs"]
mod typed;
#[path = "roundtrip/untagged.rs"]
mod untagged;
