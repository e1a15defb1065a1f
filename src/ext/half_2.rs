//! half 2: its floats of 16 bits as elements.

use half_2::{bf16, f16};

crate::element::elements! {
    f16 => F16, 2, f16::from_le_bytes, f16::to_le_bytes, widens [i8 => I8, u8 => U8];
    bf16 => BF16, 2, bf16::from_le_bytes, bf16::to_le_bytes, widens [i8 => I8, u8 => U8];
}
