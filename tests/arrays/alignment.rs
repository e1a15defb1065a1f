//! Inputs at every place: what is borrowed, what is copied, and what cannot be read.

use ndwire::{Array, ArrayView, AsArray, DynArrayView, Order};

use super::support::{ELEMENT_TYPES, Sample, Shifted, each_element, lies_in, refused, samples, told};

const NOT_BORROWED: &str =
    "array cannot be borrowed from the input: its elements are not aligned there, or of another dtype";

/// At sixteen shifts; how many borrowed.
fn shifts<T: Sample>() -> usize {
    let elements = samples::<T>(100);
    let bytes = ndwire::to_vec(&ArrayView::from_elements([4, 25], &elements).expect("it fits")).expect("written");
    let list = ndwire::to_vec(&AsArray(&elements[..])).expect("written");
    let mut borrowed = 0;
    for shift in 0..16 {
        let aligned = shift % align_of::<T>() == 0;
        let input = Shifted::new(&bytes, shift);
        let erased: DynArrayView<'_> = ndwire::from_slice(input.bytes()).expect("alignment is no condition");
        assert!(lies_in(erased.bytes(), input.bytes()), "the bytes are borrowed in any case");
        assert_eq!(lies_in(&erased.elements::<T>().expect("of this type"), input.bytes()), aligned);
        assert_eq!(erased.elements::<T>().expect("of this type"), elements);
        let mut buffer = samples::<T>(1).repeat(100);
        erased.read_into(&mut buffer).expect("it fits");
        assert_eq!(buffer, elements);

        let view: ArrayView<'_, T> = ndwire::from_slice(input.bytes()).expect("alignment is no condition");
        assert_eq!((view.is_borrowed(), lies_in(view.elements(), input.bytes())), (aligned, aligned), "shift {shift}");
        assert_eq!(view.elements(), elements);
        let mut buffer = samples::<T>(1).repeat(100);
        view.read_into(&mut buffer).expect("it fits");
        assert_eq!(buffer, elements);

        let input = Shifted::new(&list, shift);
        if aligned {
            let AsArray(slice) = ndwire::from_slice::<AsArray<&[T]>>(input.bytes()).expect("aligned");
            assert_eq!((slice, lies_in(slice, input.bytes())), (&elements[..], true));
        } else {
            refused::<AsArray<&[T]>>(input.bytes(), "custom", &format!("{NOT_BORROWED}, at byte 16"));
        }
        let AsArray(cow) = ndwire::from_slice::<AsArray<std::borrow::Cow<'_, [T]>>>(input.bytes()).expect("read");
        assert_eq!((&*cow, lies_in(&cow, input.bytes())), (&elements[..], aligned));
        borrowed += usize::from(aligned);
    }
    borrowed
}

#[test]
fn elements_are_borrowed_exactly_where_they_are_aligned() {
    let mut types = 0;
    macro_rules! shift {
        ($type:ty) => {{
            assert_eq!(shifts::<$type>(), 16 / align_of::<$type>(), stringify!($type));
            types += 1;
        }};
    }
    each_element!(shift);
    assert_eq!(types, ELEMENT_TYPES);
}

#[cfg(feature = "ndarray-0_17")]
#[test]
fn a_view_of_ndarray_is_borrowed_or_refused() {
    let elements = samples::<u32>(6);
    let bytes =
        ndwire::to_vec(&Array::new([2, 3], Order::ColumnMajor, elements.clone()).expect("it fits")).expect("written");
    let expected = ndarray::Array2::from_shape_vec(ndarray::ShapeBuilder::f((2, 3)), elements).expect("it fits");
    for shift in 0..16 {
        let input = Shifted::new(&bytes, shift);
        if shift % 4 == 0 {
            let AsArray(view) =
                ndwire::from_slice::<AsArray<ndarray::ArrayView2<'_, u32>>>(input.bytes()).expect("aligned");
            assert_eq!((view, view.strides()), (expected.view(), &[1, 2][..]));
            assert!(lies_in(view.t().as_slice().expect("column-major"), input.bytes()));
        } else {
            let message = format!("{NOT_BORROWED}, at byte 16");
            refused::<AsArray<ndarray::ArrayView2<'_, u32>>>(input.bytes(), "custom", &message);
        }
        let AsArray(cow) =
            ndwire::from_slice::<AsArray<ndarray::CowArray<'_, u32, ndarray::Ix2>>>(input.bytes()).expect("read");
        assert_eq!((cow.is_view(), cow.strides()), (shift % 4 == 0, &[1, 2][..]));
        assert_eq!(cow, expected);
    }
    // Of another dtype that widens: copied, or refused by what cannot copy.
    refused::<AsArray<ndarray::ArrayView2<'_, u64>>>(&bytes, "custom", &format!("{NOT_BORROWED}, at byte 16"));
    let AsArray(cow) =
        ndwire::from_slice::<AsArray<ndarray::CowArray<'_, u64, ndarray::Ix2>>>(&bytes).expect("it widens");
    assert_eq!((cow.is_view(), cow.to_owned()), (false, expected.mapv(u64::from)));
}

/// There is nothing to align, and nothing to copy, in an array without elements: wherever the metadata ends, and in an empty list.
#[test]
fn an_array_without_elements_is_borrowed_wherever_it_stands() {
    for name_len in 0..16 {
        let name = "n".repeat(name_len);
        let bytes = ndwire::to_vec(&(&name, AsArray::<&[u64]>(&[]))).expect("written");
        for shift in 0..16 {
            let input = Shifted::new(&bytes, shift);
            let read = ndwire::from_slice::<(&str, AsArray<&[u64]>)>(input.bytes());
            let (_, AsArray(empty)) =
                read.unwrap_or_else(|error| panic!("name of {name_len} bytes, shift {shift}: {error}"));
            assert!(empty.is_empty());
        }
    }
    let bytes = ndwire::to_vec::<Vec<u64>>(&vec![]).expect("written");
    let read = ndwire::from_slice::<AsArray<&[u64]>>(&bytes);
    assert_eq!(read.map(|AsArray(empty)| empty.len()).map_err(|error| error.to_string()), Ok(0));
}

#[test]
fn a_list_in_the_metadata_is_borrowed_where_it_happens_to_be_aligned() {
    let mut borrowed = 0;
    for name_len in 0..16 {
        let bytes = ndwire::to_vec(&("n".repeat(name_len), [7u32; 5])).expect("written");
        let input = Shifted::new(&bytes, 0);
        let (_, array) = ndwire::from_slice::<(&str, ArrayView<'_, u32>)>(input.bytes()).expect("read");
        assert_eq!(array.elements(), [7; 5]);
        assert_eq!(array.is_borrowed(), lies_in(array.elements(), input.bytes()));
        borrowed += usize::from(array.is_borrowed());
    }
    assert_eq!(borrowed, 4);
}

fn read_into<T: Sample>() {
    let elements = samples::<T>(6);
    let logical: Vec<T> = [0, 2, 4, 1, 3, 5].map(|position: usize| elements[position]).into();
    let before = samples::<T>(8).split_off(2);
    for (order, expected) in [(Order::RowMajor, &elements), (Order::ColumnMajor, &logical)] {
        let array = Array::new([2, 3], order, elements.clone()).expect("it fits");
        let mut buffer = before.clone();
        array.read_into(&mut buffer).expect("it fits");
        assert_eq!((&buffer, array.to_vec()), (expected, expected.clone()));
        let mut buffer = before.clone();
        array.as_dyn().read_into(&mut buffer).expect("it fits");
        assert_eq!(&buffer, expected);
        // Misaligned, from the input.
        let bytes = ndwire::to_vec(&array).expect("written");
        for shift in [1, 2, 8] {
            let input = Shifted::new(&bytes, shift);
            let mut buffer = before.clone();
            ndwire::from_slice::<DynArrayView<'_>>(input.bytes())
                .expect("read")
                .read_into(&mut buffer)
                .expect("it fits");
            assert_eq!(&buffer, expected);
        }
        for len in [0, 5, 7] {
            let mut buffer = samples::<T>(len + 2).split_off(2);
            let message = format!("buffer has another length than the array: found {len}, expected 6");
            assert_eq!(told(&array.read_into(&mut buffer).expect_err("another length")), ("shape", message.clone()));
            assert_eq!(told(&array.as_dyn().read_into(&mut buffer).expect_err("another length")), ("shape", message));
            assert_eq!(buffer, samples::<T>(len + 2).split_off(2), "untouched");
        }
    }
}

#[test]
fn elements_are_read_into_a_buffer_in_logical_order() {
    macro_rules! read {
        ($type:ty) => {
            read_into::<$type>()
        };
    }
    each_element!(read);
}

#[test]
fn a_buffer_of_another_type_is_refused_and_untouched() {
    let array = Array::from_elements([2], [1u16, 2]).expect("it fits");
    let mut buffer = [7.0f32; 2];
    let error = array.as_dyn().read_into(&mut buffer).expect_err("no conversion here");
    assert_eq!(told(&error), ("type_mismatch", "array has another dtype: found u16, expected f32".into()));
    assert_eq!(buffer, [7.0; 2]);
    let error = array.as_dyn().typed::<i16>().expect_err("no conversion here");
    assert_eq!(told(&error), ("type_mismatch", "array has another dtype: found u16, expected i16".into()));
    // The type comes first, then the length.
    let error = array.as_dyn().read_into(&mut [true]).expect_err("neither fits");
    assert_eq!(told(&error), ("type_mismatch", "array has another dtype: found u16, expected bool".into()));
}

/// Bytes of bools are looked at before anyone takes them for bools.
#[test]
fn a_bool_that_is_none_is_refused_at_any_alignment() {
    let bytes = ndwire::to_vec(&ArrayView::from(&[true, false, true][..])).expect("written");
    for shift in 0..16 {
        let mut broken = bytes.clone();
        *broken.last_mut().expect("bytes") = 2;
        let input = Shifted::new(&broken, shift);
        let message = "bool is neither 0 nor 1, at byte 34";
        refused::<ArrayView<'_, bool>>(input.bytes(), "malformed", message);
        refused::<DynArrayView<'_>>(input.bytes(), "malformed", message);
        refused::<AsArray<&[bool]>>(input.bytes(), "malformed", message);
    }
}
