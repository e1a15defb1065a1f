//! Numbers and points of other crates.

use bigdecimal::BigDecimal;
use either::Either;
use glam::{Mat4, Quat, Vec3};
use half::f16;
use num_bigint::{BigInt, BigUint};
use ordered_float::{NotNan, OrderedFloat};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::std_types::float;

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) struct Numbers {
    big: (BigInt, BigUint, Vec<BigInt>),
    big_decimal: BigDecimal,
    decimal: Decimal,
    decimals: Vec<Decimal>,
    #[serde(with = "rust_decimal::serde::str")]
    text: Decimal,
    maybe: Option<Decimal>,
    ordered: OrderedFloat<f64>,
    not_nan: Vec<NotNan<f64>>,
    half: f16,
    halves: Vec<f16>,
    points: Vec<Vec3>,
    matrix: Mat4,
    turn: Quat,
    either: Vec<Either<u8, String>>,
    #[serde(with = "either::serde_untagged")]
    untagged: Either<u8, String>,
}

pub(crate) fn numbers() -> impl Strategy<Value = Numbers> {
    let big = (any::<i128>(), any::<u128>(), any::<(i64, u16, u16, bool)>());
    (big, float(), any::<(u8, u32)>()).prop_map(
        |((big, unsigned, (small, half, scale, left)), float, (byte, whole))| {
            let big = BigInt::from(big) * BigInt::from(unsigned);
            let decimal = Decimal::new(small, u32::from(scale % 29));
            Numbers {
                big_decimal: BigDecimal::new(big.clone(), scale.into()),
                big: (big.clone(), unsigned.into(), vec![big, small.into()]),
                decimal,
                decimals: vec![decimal, Decimal::MAX, Decimal::ZERO],
                text: decimal,
                maybe: left.then_some(decimal),
                ordered: float.into(),
                not_nan: vec![NotNan::new(float).unwrap(); 3],
                half: f16::from_bits(half & 0x7BFF),
                halves: vec![f16::from_bits(half & 0x7BFF); 3],
                points: vec![Vec3::new(1.0, f32::from(half), -0.5); 3],
                matrix: Mat4::from_scale(Vec3::splat(f32::from(scale))),
                turn: Quat::IDENTITY,
                either: vec![Either::Left(byte), Either::Right(whole.to_string())],
                untagged: if left { Either::Left(byte) } else { Either::Right(whole.to_string()) },
            }
        },
    )
}
