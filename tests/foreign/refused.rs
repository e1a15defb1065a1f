//! What is not read and not written, each with its one message; and what documents become.

/// Files that Python wrote and that are refused, by message.
pub(crate) const NOT_READ: &[(&str, &[&str])] = &[
    (
        "dtype `<M8[10ns]` cannot be held: times are counted in one of the units Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as; convert it (array.astype('datetime64[ns]')), at byte 10",
        &["M8_10ns_2.npy"],
    ),
    (
        "dtype `datetime64[10ns]` cannot be held: times are counted in one of the units Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as; convert it (array.astype('datetime64[ns]')), at byte 0",
        &["M8_10ns_2.texthdr"],
    ),
    ("dtype `|S5` cannot be held: text of a fixed width; write a list of str instead (array.tolist())", &["S5_2x3.ii"]),
    (
        "dtype `|S5` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        &["S5_2x3.msgpack", "S5_2x3.texthdr"],
    ),
    (
        "dtype `|S5` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 10",
        &["S5_2x3.npy"],
    ),
    ("dtype `<U3` cannot be held: text of a fixed width; write a list of str instead (array.tolist())", &["U3_2x2.ii"]),
    (
        "dtype `<U3` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        &["U3_2x2.msgpack", "U3_2x2.texthdr"],
    ),
    (
        "dtype `<U3` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 10",
        &["U3_2x2.npy"],
    ),
    (
        "dtype `<V2` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 10",
        &["bf16_2x3.npy"],
    ),
    (
        "dtype `<V1` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 10",
        &["float8_e4m3fn_3.npy", "int4_2.npy"],
    ),
    (
        "dtype `<f1` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 10",
        &["float8_e5m2_1x2.npy"],
    ),
    ("dtype is none of NumPy's, such as `<f4` or `float32`, at byte 0", &["int4_2.texthdr"]),
    (
        "dtype `<f16` cannot be held: it differs from machine to machine; convert it to float64 or complex128, at byte 0",
        &["longdouble_2.msgpack"],
    ),
    (
        "dtype `<f16` cannot be held: it differs from machine to machine; convert it to float64 or complex128, at byte 10",
        &["longdouble_2.npy"],
    ),
    (
        "dtype `float128` cannot be held: it differs from machine to machine; convert it to float64 or complex128, at byte 0",
        &["longdouble_2.texthdr"],
    ),
    (
        "s: dtype `|S3` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        &["struct_2.msgpack"],
    ),
    (
        "s: dtype `|S3` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 10",
        &["struct_2.npy"],
    ),
    (
        "s: dtype `S3` cannot be held: text of a fixed width; write a list of str instead (array.tolist()), at byte 0",
        &["struct_2.texthdr"],
    ),
    (
        "half: dtype `<f2` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an array of its own, at byte 0",
        &["struct_half_2.msgpack", "struct_half_2.texthdr"],
    ),
    (
        "half: dtype `<f2` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an array of its own, at byte 10",
        &["struct_half_2.npy"],
    ),
    (
        "dtype `[('p', [('x', '<f4'), ('y', '<f4')]), ('id', '<u8'), ('ok', '?')…` cannot be held: no such dtype is known",
        &["struct_nested_2x1.ii"],
    ),
    (
        "structured array has rank 2: make it one of rank 1 (array.reshape(-1)), at byte 0",
        &["struct_nested_2x1.msgpack"],
    ),
    ("structured array has rank 2: make it one of rank 1 (array.reshape(-1)), at byte 192", &["struct_nested_2x1.npy"]),
    (
        "structured array has rank 2: make it one of rank 1 (array.reshape(-1)), at byte 70",
        &["struct_nested_2x1.texthdr"],
    ),
    (
        "when: dtype `<M8[s]` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an array of its own, at byte 10",
        &["struct_time_1.npy"],
    ),
    (
        "when: dtype `<M8[s]` cannot stand in a table, whose columns are bool, integers of up to 64 bits, f32 and f64: write it as an array of its own, at byte 0",
        &["struct_time_1.texthdr"],
    ),
    (
        "dtype `|V3` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 10",
        &["void_2.npy"],
    ),
    (
        "dtype `|V3` cannot be held: bytes without a meaning, such as np.save makes of bfloat16 and float8; write them as unsigned integers of that width (array.view('u1'), array.view('u2')), at byte 0",
        &["void_2.msgpack", "void_2.texthdr"],
    ),
];

/// Arrays that an encoding does not take, by message: the files that Python has, or would have, of them.
pub(crate) const NOT_WRITTEN: &[(&str, &[&str])] = &[
    (
        "dims-header holds arrays of rank 2: found rank 1",
        &[
            "M8D_3.ii",
            "M8as_1.ii",
            "M8be_2.ii",
            "M8be_2_normal.ii",
            "c8be_2.ii",
            "c8be_2_normal.ii",
            "f4_0.ii",
            "f4_1.ii",
            "f4_3.ii",
            "f4_768.ii",
            "f8be_3.ii",
            "f8be_3_normal.ii",
            "float8_e4m3fn_3.ii",
            "m8_2.ii",
            "m8s_3.ii",
        ],
    ),
    ("bf16 has no dtype in NumPy: write its bits as u8 or u16 (`with_dtype`)", &["bf16_2x3.msgpack", "bf16_2x3.npy"]),
    ("dims-header holds arrays of rank 2: found rank 3", &["f4_2x3x4.ii", "i8_2x3x2_F.ii", "u1_0x4x0.ii"]),
    ("dims-header holds arrays of rank 2: found rank 0", &["f4_scalar0d.ii", "f8_scalar0d.ii"]),
    (
        "text-header cannot hold an array of rank 0, whose dims its readers cannot split: give it the shape [1]",
        &["f4_scalar0d.texthdr", "f8_scalar0d.texthdr"],
    ),
    (
        "f8e4m3fn has no dtype in NumPy: write its bits as u8 or u16 (`with_dtype`)",
        &["float8_e4m3fn_3.msgpack", "float8_e4m3fn_3.npy"],
    ),
    (
        "f8e5m2 has no dtype in NumPy: write its bits as u8 or u16 (`with_dtype`)",
        &["float8_e5m2_1x2.msgpack", "float8_e5m2_1x2.npy"],
    ),
    (
        "text-header holds one array: found a table",
        &[
            "struct_aligned_2.texthdr",
            "struct_aligned_2_normal.texthdr",
            "struct_be_2.texthdr",
            "struct_be_2_normal.texthdr",
            "struct_nested_1.texthdr",
            "struct_nested_0.texthdr",
            "struct_nested_2.texthdr",
            "struct_one_2.texthdr",
            "struct_sub_2x2_2.texthdr",
            "struct_sub_be_1.texthdr",
            "struct_sub_be_1_normal.texthdr",
            "struct_sub_nested_2.texthdr",
            "struct_titled_1.texthdr",
            "struct_titled_1_normal.texthdr",
            "struct_unicode_2.texthdr",
        ],
    ),
    ("npy holds one array: found a map", &["struct_nested_0d.npy"]),
    ("text-header holds one array: found a map", &["struct_nested_0d.texthdr"]),
    ("dims-header holds arrays of rank 2: found rank 32", &["u1_rank32.ii"]),
];

/// Files that are not one array: how they show (the first 200 characters), and what they are written to, in hex unless that is the same;
/// or the messages. What differs: the old wire is written as the new one; NumPy scalars that have a form in MessagePack are written in it,
/// and the others, Python's complex among them, as arrays of rank 0; a structured array without rows is an empty list.
pub(crate) const OTHERS: &[(&str, &str, &str)] = &[
    (
        "x_dict_of_arrays.msgpack",
        r#"{"a": array u8 [3], "b": {"c": array f32 [1, 2]}, "n": nil, "s": "txt"}"#,
        "the same",
    ),
    (
        "x_document_old_wire.msgpack",
        r#"{"a": array u8 [3], "s": "raw", "n": [nil, true, -1]}"#,
        "83A16185C4026E64C3C40474797065A37C7531C4046B696E64C400C40573686170659103C40464617461C403000102A173A3726177A16E93C0C3FF",
    ),
    (
        "x_ext.msgpack",
        "[0]: extension type 42 of MessagePack is not read: write a number or a text, at byte 1",
        "not read",
    ),
    ("x_keys.msgpack", r#"{"text": 1, bytes 5: 2, 3: 4, nil: 5, true: 6, 0.5f64: 7}"#, "the same"),
    (
        "x_lengths.msgpack",
        r#"["", "ééééééééééééééé", "ssssssssssssssssssssssssssssssss", "ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss"… (256 bytes), bytes 0, bytes 255, bytes 256, [], [1, 1, 1, 1, 1, 1, 1, 1,"#,
        "the same",
    ),
    (
        "x_list_of_arrays.msgpack",
        r#"[array f32 [2], rows {"id": i32, "x": f64} n=2, rows {"id": i32, "x": f64} n=1, rows {"id": i32, "x": f64} n=0]"#,
        "the same",
    ),
    (
        "x_numbers.msgpack",
        "[0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 18446744073709551615, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9223372036854775808, 0.5f64, -0.0f64, inff64, n",
        "the same",
    ),
    (
        "x_object_array_PICKLE.msgpack",
        "array of Python's objects is a pickle, which is never read, because loading one runs what it says: write numbers, or a list, at byte 0",
        "not read",
    ),
    (
        "x_pycomplex.msgpack",
        "array complex128 []",
        "85C4026E64C3C40474797065A43C633136C4046B696E64C400C405736861706590C40464617461C410000000000000F03F0000000000000040",
    ),
    (
        "x_pycomplex_special.msgpack",
        "[array complex128 [], array complex128 [], array complex128 []]",
        "9385C4026E64C3C40474797065A43C633136C4046B696E64C400C405736861706590C40464617461C410000000000000F87F000000000000F07F85C4026E64C3C40474797065A43C633136C4046B696E64C400C405736861706590C40464617461C4100000000000000080E80700000000008085C4026E64C3C40474797065A43C633136C4046B696E64C400C405736861706590C40464617461C4100000000000000000A0C8EB85F3CCE17F",
    ),
    (
        "x_records_old_wire.msgpack",
        r#"rows {"id": i32, "x": f64} n=2"#,
        "85C4026E64C3C404747970659292A26964A33C693492A178A33C6638C4046B696E64C40156C40573686170659102C40464617461C41801000000000000000000E03FFEFFFFFF000000000000F83F",
    ),
    ("x_scalar_be.msgpack", "258", "CD0102"),
    ("x_scalar_bool.msgpack", "true", "C3"),
    (
        "x_scalar_c16.msgpack",
        "array complex128 []",
        "85C4026E64C3C40474797065A43C633136C4046B696E64C400C405736861706590C40464617461C410000000000000F03F00000000000000C0",
    ),
    (
        "x_scalar_f2.msgpack",
        "array f16 []",
        "85C4026E64C3C40474797065A33C6632C4046B696E64C400C405736861706590C40464617461C402003E",
    ),
    ("x_scalar_f4.msgpack", "1.5f32", "CA3FC00000"),
    ("x_scalar_f8.msgpack", "1.5f64", "the same"),
    ("x_scalar_i8.msgpack", "-7", "F9"),
    ("x_scalar_old_wire.msgpack", "1.5f32", "CA3FC00000"),
    ("x_scalar_u8.msgpack", "18446744073709551615", "CFFFFFFFFFFFFFFFFF"),
    ("x_single_floats.msgpack", "[0.5f32, -0.0f32, inff32]", "the same"),
    (
        "x_timestamp.msgpack",
        "extension type -1 of MessagePack (a timestamp) is not read: write a number or a text, at byte 0",
        "not read",
    ),
    (
        "x_u2_3_old_wire.msgpack",
        "array u16 [3]",
        "85C4026E64C3C40474797065A33C7532C4046B696E64C400C40573686170659103C40464617461C406000001000200",
    ),
];
