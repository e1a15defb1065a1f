//! The attributes of serde_with.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use proptest::collection::btree_map;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_with::base64::Base64;
use serde_with::formats::CommaSeparator;
use serde_with::hex::Hex;
use serde_with::{
    BoolFromInt, Bytes, DefaultOnNull, DisplayFromStr, DurationSecondsWithFrac, EnumMap, NoneAsEmptyString, OneOrMany,
    PickFirst, StringWithSeparator, TimestampSeconds, TryFromInto, serde_as,
};

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) enum Entry {
    Number(u32),
    Text(String),
    Struct { a: u8 },
}

#[serde_as]
#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) struct With {
    #[serde_as(as = "DisplayFromStr")]
    text: u64,
    #[serde_as(as = "Vec<DisplayFromStr>")]
    texts: Vec<IpAddr>,
    #[serde_as(as = "BTreeMap<DisplayFromStr, Hex>")]
    text_keys: BTreeMap<u32, Vec<u8>>,
    #[serde_as(as = "Base64")]
    base64: Vec<u8>,
    #[serde_as(as = "Option<Bytes>")]
    bytes: Option<Vec<u8>>,
    #[serde_as(as = "Bytes")]
    array: [u8; 4],
    #[serde_as(as = "Vec<(_, _)>")]
    entries: BTreeMap<(u8, u16), String>,
    #[serde_as(as = "BTreeMap<_, _>")]
    map: Vec<(u32, String)>,
    #[serde_as(as = "EnumMap")]
    variants: Vec<Entry>,
    #[serde_as(as = "TimestampSeconds<i64>")]
    time: SystemTime,
    #[serde_as(as = "DurationSecondsWithFrac<f64>")]
    duration: Duration,
    #[serde_as(as = "OneOrMany<_>")]
    one: Vec<u32>,
    #[serde_as(as = "PickFirst<(_, DisplayFromStr)>")]
    first: u32,
    #[serde_as(as = "DefaultOnNull")]
    default: u8,
    #[serde_as(as = "NoneAsEmptyString")]
    empty: Option<u8>,
    #[serde_as(as = "StringWithSeparator::<CommaSeparator, u8>")]
    separated: Vec<u8>,
    #[serde_as(as = "BoolFromInt")]
    bool: bool,
    #[serde_as(as = "TryFromInto<i16>")]
    converted: u8,
    #[serde_as(as = "[_; 40]")]
    long: [u16; 40],
    #[serde(with = "serde_with::rust::unwrap_or_skip", skip_serializing_if = "Option::is_none", default)]
    skipped: Option<u8>,
}

pub(crate) fn with() -> impl Strategy<Value = With> {
    let maps = (btree_map(any::<u32>(), any::<Vec<u8>>(), 0..4), btree_map(any::<(u8, u16)>(), "[a-z]{0,4}", 0..4));
    (any::<(u64, [u8; 4], u32, Option<u8>, IpAddr)>(), any::<Vec<u8>>(), maps).prop_map(
        |((number, array, small, option, address), bytes, (text_keys, entries))| With {
            text: number,
            texts: vec![address; 3],
            base64: bytes.clone(),
            bytes: option.map(|_| bytes.clone()),
            array,
            map: text_keys.keys().map(|&key| (key, key.to_string())).collect(),
            variants: vec![Entry::Number(small), Entry::Text("text".into()), Entry::Struct { a: array[0] }],
            text_keys,
            entries,
            time: SystemTime::UNIX_EPOCH + Duration::from_secs(small.into()),
            duration: Duration::new(7, 500_000_000),
            one: if option.is_some() { vec![small] } else { vec![small, 7] },
            first: small,
            default: array[1],
            empty: option,
            separated: bytes.clone(),
            bool: option.is_some(),
            converted: array[2],
            long: [small as u16; 40],
            skipped: option,
        },
    )
}
