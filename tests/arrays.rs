//! Arrays: on this format and on others, as fields, inside buffered types, fed by stock serde, widened, borrowed, and fed with lies.

#![allow(clippy::type_complexity, reason = "types are nested here because they are tested")]

#[path = "arrays/alignment.rs"]
mod alignment;
#[path = "arrays/buffered.rs"]
mod buffered;
#[path = "arrays/containers.rs"]
mod containers;
#[path = "arrays/fields.rs"]
mod fields;
#[path = "arrays/formats.rs"]
mod formats;
#[path = "arrays/hostile.rs"]
mod hostile;
#[path = "arrays/in_lists.rs"]
mod in_lists;
#[path = "arrays/kept.rs"]
mod kept;
#[cfg(feature = "ndarray-0_17")]
#[path = "arrays/nd_fields.rs"]
mod nd_fields;
#[path = "arrays/pairs.rs"]
mod pairs;
#[path = "arrays/properties.rs"]
mod properties;
#[path = "arrays/refused.rs"]
mod refused;
#[path = "arrays/support.rs"]
mod support;
#[path = "arrays/widening.rs"]
mod widening;
