//! ndwire and its peers behind one face: encode into a new vector, decode to an owned value, both through serde.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A format as a competitor.
pub trait Format {
    const NAME: &'static str;

    /// # Errors
    /// The format's own words, if it cannot encode the value.
    fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, String>;

    /// # Errors
    /// The format's own words, if it cannot decode the value.
    fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String>;
}

macro_rules! formats {
    ($($type:ident $name:literal: |$value:ident| $encode:expr, |$bytes:ident| $decode:expr;)*) => {$(
        pub enum $type {}

        impl Format for $type {
            const NAME: &'static str = $name;

            #[inline(always)]
            fn encode<T: Serialize>($value: &T) -> Result<Vec<u8>, String> {
                $encode
            }

            #[inline(always)]
            fn decode<T: DeserializeOwned>($bytes: &[u8]) -> Result<T, String> {
                $decode
            }
        }
    )*};
}

const BINCODE: bincode::config::Configuration<bincode::config::LittleEndian, bincode::config::Fixint> =
    bincode::config::standard().with_fixed_int_encoding();

formats! {
    Ndwire "ndwire":
        |value| ndwire::to_vec(value).map_err(words),
        |bytes| ndwire::from_slice(bytes).map_err(words);
    Bincode "bincode 2":
        |value| bincode::serde::encode_to_vec(value, BINCODE).map_err(words),
        |bytes| bincode::serde::decode_from_slice(bytes, BINCODE).map(|(value, _)| value).map_err(words);
    Postcard "postcard":
        |value| postcard::to_stdvec(value).map_err(words),
        |bytes| postcard::from_bytes(bytes).map_err(words);
    Bitcode "bitcode":
        |value| bitcode::serialize(value).map_err(words),
        |bytes| bitcode::deserialize(bytes).map_err(words);
    RmpSerde "rmp-serde (named)":
        |value| rmp_serde::to_vec_named(value).map_err(words),
        |bytes| rmp_serde::from_slice(bytes).map_err(words);
    Ciborium "ciborium":
        |value| {
            let mut bytes = Vec::new();
            ciborium::into_writer(value, &mut bytes).map_err(words)?;
            Ok(bytes)
        },
        |bytes| ciborium::from_reader(bytes).map_err(words);
    Cbor4ii "cbor4ii":
        |value| cbor4ii::serde::to_vec(Vec::new(), value).map_err(words),
        |bytes| cbor4ii::serde::from_slice(bytes).map_err(words);
    SerdeJson "serde_json":
        |value| serde_json::to_vec(value).map_err(words),
        |bytes| serde_json::from_slice(bytes).map_err(words);
}

#[cold]
fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Calls a macro with every format's type, ndwire first.
#[macro_export]
macro_rules! for_each_format {
    ($with:ident) => {
        $with! { Ndwire Bincode Postcard Bitcode RmpSerde Ciborium Cbor4ii SerdeJson }
    };
}
