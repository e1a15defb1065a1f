//! What is written as a text, as bytes or as either.

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};
use url::Url;
use uuid::Uuid;

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) struct Texts {
    id: Uuid,
    ids: Vec<Uuid>,
    #[serde(with = "uuid::serde::compact")]
    compact: Uuid,
    #[serde(with = "uuid::serde::simple")]
    simple: Uuid,
    #[serde(with = "uuid::serde::urn")]
    urn: Uuid,
    non_nil: Option<uuid::NonNilUuid>,
    url: Url,
    version: Version,
    versions: Vec<Version>,
    requirement: VersionReq,
    bytes: Bytes,
    more: BytesMut,
    buffers: Vec<Bytes>,
    buffer: ByteBuf,
    array: ByteArray<4>,
    arrays: Vec<ByteArray<4>>,
    #[serde(with = "serde_bytes")]
    maybe: Option<Vec<u8>>,
}

pub(crate) fn texts() -> impl Strategy<Value = Texts> {
    let bytes = prop_oneof![any::<Vec<u8>>(), Just(vec![7; 600])];
    (any::<(u128, [u8; 4], u16, bool)>(), bytes, "[a-zä/]{0,20}").prop_map(
        |((id, array, number, some), bytes, path)| {
            let id = Uuid::from_u128(id);
            let version = Version::parse(&format!("1.{number}.0-alpha.{number}+{number}")).unwrap();
            Texts {
                id,
                ids: vec![id, Uuid::nil()],
                compact: id,
                simple: id,
                urn: id,
                non_nil: uuid::NonNilUuid::new(id),
                url: Url::parse(&format!("https://example.org:{number}/{path}?q={number}#f")).unwrap(),
                versions: vec![version.clone(), Version::new(1, 2, 3)],
                version,
                requirement: VersionReq::parse(&format!(">={number}.0, <70000")).unwrap(),
                bytes: bytes.clone().into(),
                more: bytes.as_slice().into(),
                buffers: vec![bytes.clone().into(), Bytes::new()],
                array: array.into(),
                arrays: vec![array.into(); 3],
                maybe: some.then(|| bytes.clone()),
                buffer: bytes.into(),
            }
        },
    )
}
