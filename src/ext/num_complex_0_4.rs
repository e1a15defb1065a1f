//! num-complex 0.4: its complex numbers as elements.

use num_complex_0_4::Complex;

/// The little-endian bytes of a number, from those of its real and then its imaginary part; and back.
macro_rules! parts {
    ($($from:ident, $to:ident, $float:ty, $size:literal;)*) => {$(
        fn $from(bytes: [u8; 2 * $size]) -> Complex<$float> {
            let [re, im] = [0, $size].map(|start| <$float>::from_le_bytes(core::array::from_fn(|i| bytes[start + i])));
            Complex { re, im }
        }

        fn $to(value: Complex<$float>) -> [u8; 2 * $size] {
            let parts = [value.re.to_le_bytes(), value.im.to_le_bytes()];
            core::array::from_fn(|i| parts[i / $size][i % $size])
        }
    )*};
}
parts! {
    from_8, to_8, f32, 4;
    from_16, to_16, f64, 8;
}

crate::element::elements! {
    Complex<f32> => Complex64, 8, from_8, to_8, widens [];
    Complex<f64> => Complex128, 16, from_16, to_16, widens []
        by [Complex64 as Complex<f32> => |value| Complex { re: value.re.into(), im: value.im.into() }];
}
