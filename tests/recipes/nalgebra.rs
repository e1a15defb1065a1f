//! Matrices and vectors of nalgebra as fields of a struct.

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub struct Pose {
    #[serde(with = "matrix")]
    pub rotation: DMatrix<f64>,
    #[serde(with = "vector")]
    pub offset: DVector<f64>,
}

/// An array f64 [rows, columns], column-major as nalgebra has it in memory: it is written without a copy.
mod matrix {
    use nalgebra::DMatrix;
    use ndwire::{ArrayView, Order};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

    pub fn serialize<S: Serializer>(matrix: &DMatrix<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        let array = ArrayView::new([matrix.nrows(), matrix.ncols()], Order::ColumnMajor, matrix.as_slice());
        array.map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DMatrix<f64>, D::Error> {
        let array = ArrayView::<f64>::deserialize(deserializer)?;
        let &[rows, columns] = array.shape() else { return Err(de::Error::custom("expected an array of rank 2")) };
        Ok(match array.order() {
            Order::ColumnMajor => DMatrix::from_vec(rows, columns, array.into_elements().into_owned()),
            Order::RowMajor => DMatrix::from_row_slice(rows, columns, array.elements()),
        })
    }
}

/// An array f64 [length].
mod vector {
    use nalgebra::DVector;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(vector: &DVector<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        ndwire::array::serialize(vector.as_slice(), serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DVector<f64>, D::Error> {
        ndwire::array::deserialize(deserializer).map(DVector::from_vec)
    }
}
