"""Golden cases, name -> typed events: all but the tables, which are in golden_tables.py."""

import struct

from ndwire_format import CODES, SIZES

ROW_SCALARS = "bool u8 u16 u32 u64 i8 i16 i32 i64 f32 f64".split()
NIL = ["nil"]
NAN32, NAN64 = ["f32", "0100a0ff"], ["f64", "010000000000f47f"]


def seq(*items):
    """A list of typed events."""
    return ["seq", list(items)]


def ints(kind, *values):
    """A list of integers of one type."""
    return seq(*[[kind, str(v)] for v in values])


def some(item):
    """A `Some`."""
    return ["some", item]


def text(value):
    """A str."""
    return ["str", value]


def struct_of(**fields):
    """A struct: a map with its field names."""
    return ["map", [[text(name), value] for name, value in fields.items()]]


def raw(count, start=1):
    """The hex of `count` bytes that differ."""
    return bytes((start + 7 * i) % 256 for i in range(count)).hex()


def array(dtype, dims, order="C", text_hex=None):
    """An array whose bytes are a pattern, or given."""
    count = SIZES[dtype]
    for dim in dims:
        count *= dim
    pattern = bytes(i % 2 for i in range(count)).hex() if dtype == "bool" else raw(count)
    return ["array", dtype, dims, order, pattern if text_hex is None else text_hex]


def scalar(dtype, index):
    """The scalar number `index` of a row scalar's type."""
    if dtype == "bool":
        return ["bool", index % 3 == 0]
    if dtype in ("f32", "f64"):
        code = "<f" if dtype == "f32" else "<d"
        return [dtype, struct.pack(code, index / 2 - 3).hex()]
    bits = int(dtype[1:])
    if index == 0:
        return [dtype, str(2**bits - 1 if dtype[0] == "u" else -2**(bits - 1))]
    return [dtype, str(index % 10 if dtype[0] == "u" else 5 - index % 10)]


def nest(levels, core):
    """`levels` lists of one element around a core."""
    for _ in range(levels):
        core = seq(core)
    return core


def tup(*items):
    """What serde gives as a tuple, or as an array of fixed length."""
    return ["tuple", list(items)]


def tuples(dims, kind, counter):
    """Nested arrays of distinct scalars of these dims."""
    if not dims:
        counter[0] += 1
        return scalar(kind, counter[0])
    return tup(*[tuples(dims[1:], kind, counter) for _ in range(dims[0])])


def block(dims, kind):
    """A vector of nested arrays of distinct scalars of these dims."""
    return ["seq", tuples(dims, kind, [0])[1]]


def cube(rank, core):
    """A vector of nested arrays of one element, so many lists in all, around a core."""
    for _ in range(rank - 1):
        core = tup(core)
    return seq(core)


def integer_cases(cases):
    """Every width at its edges."""
    for value in (0, 1, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**64 - 1):
        cases["uint_%d" % value] = ["u64", str(value)]
    cases["uint_2p64"] = ["u128", str(2**64)]
    cases["uint_max"] = ["u128", str(2**128 - 1)]
    for value in (1, 16, 17, 128, 129, 32768, 32769, 2**31, 2**31 + 1, 2**63):
        cases["int_minus_%d" % value] = ["i64", str(-value)]
    cases["int_below_i64"] = ["i128", str(-2**63 - 1)]
    cases["int_min"] = ["i128", str(-2**127)]
    cases["int_i128_max"] = ["i128", str(2**127 - 1)]
    widths = "u8 u16 u32 u64 u128 i8 i16 i32 i64 i128".split()
    cases["int_five_of_every_width"] = seq(*[[kind, "5"] for kind in widths])
    cases["int_five_as_u128"] = ["u128", "5"]
    cases["int_i16_200"] = ["i16", "200"]


def leaf_cases(cases):
    """nil, bool, floats and chars."""
    cases["nil"] = NIL
    cases["bool_false"], cases["bool_true"] = ["bool", False], ["bool", True]
    for name, value in (("one_half", 1.5), ("minus_zero", -0.0), ("inf", float("inf"))):
        cases["f32_" + name] = ["f32", struct.pack("<f", value).hex()]
        cases["f64_" + name] = ["f64", struct.pack("<d", value).hex()]
    cases["f32_nan_payload"], cases["f64_nan_payload"] = NAN32, NAN64
    cases["f32_subnormal"], cases["f64_subnormal"] = ["f32", "01000000"], ["f64", "01" + "00" * 7]
    for code in (0x7F, 0x80, 0x3FFF, 0x4000, 0x10FFFF):
        cases["char_%06x" % code] = ["char", code]
    cases["char_others"] = seq(*[["char", c] for c in (0, 0xD7FF, 0xE000, 0xFFFF, 0x10000)])


def text_cases(cases):
    """Both ends of each length form."""
    for count in (0, 1, 31, 32, 127, 128, 511, 512, 513):
        cases["str_%03d" % count] = text(("abcdefghij" * 52)[:count])
        cases["bytes_%03d" % count] = ["bytes", raw(count)]
    cases["str_utf8_31"] = text("a" + "\u00e9" * 15)
    cases["str_utf8_32"] = text("\u20ac" * 10 + "\u00e9")
    cases["str_utf8_511"] = text("\U0001f600" * 127 + "abc")
    cases["str_utf8_512"] = text("\U0001f600" * 128)
    cases["str_nul_and_last"] = text("\0\u007f\u0080\u07ff\u0800\uffff\U0010ffff")


def container_cases(cases):
    """Lists, maps and somes."""
    for count in (0, 1, 15, 16, 127, 128):
        cases["list_%03d" % count] = seq(*[text("a")] * count)
        cases["map_%03d" % count] = ["map", [[["u8", str(i)], NIL] for i in range(count)]]
    cases["list_016_nil"] = seq(*[NIL] * 16)
    cases["list_of_empty_lists"] = seq(seq(), seq(), seq(seq()))
    cases["list_of_maps"] = seq(["map", []], struct_of(a=NIL))
    cases["list_nest"] = seq(text("a"), seq(text("b"), seq(text("c"), NIL), seq()), text("d"))
    cases["map_nest"] = struct_of(a=struct_of(b=struct_of(c=["map", []])), d=["u8", "1"])
    keys = [["u8", "1"], ["i8", "-1"], NIL, ["bool", True], NAN64, ["char", 65], text("k"),
            ["bytes", "00"], seq(), ints("u8", 1, 2), ["map", []], some(NIL), array("u16", [2])]
    cases["map_any_keys"] = ["map", [[key, ["u8", str(i)]] for i, key in enumerate(keys)]]
    cases["map_same_keys"] = ["map", [[text("a"), ["u8", "1"]], [text("a"), ["u8", "2"]]]]
    cases["map_key_in_data"] = ["map", [[["bytes", raw(512)], text("v")], [text("a"), array("u8", [3])]]]
    cases["map_order_kept"] = struct_of(b=NIL, a=NIL, c=NIL)
    cases["some_nil"], cases["some_some_nil"] = some(NIL), some(some(NIL))
    cases["some_some_some_nil"] = some(some(some(NIL)))
    cases["some_int"], cases["some_some_int"] = some(["u8", "1"]), some(some(["u8", "1"]))
    cases["some_list"] = some(ints("u8", 1, 2))
    cases["list_some_nil"] = seq(some(NIL), NIL, some(some(NIL)))
    cases["list_016_some_nil"] = seq(*[some(NIL)] * 16)
    cases["variant_newtype"] = struct_of(Circle=["f64", "000000000000f03f"])
    cases["variant_tuple"] = struct_of(Pair=ints("u8", 1, 2))


def array_cases(cases):
    """Every dtype, rank and order."""
    for name in CODES:
        plain = name.replace("[", "_").replace("]", "")
        cases["array_" + plain] = array(name, [3])
    cases["array_rank_0"] = array("f64", [])
    cases["array_rank_0_u8"] = array("u8", [])
    for dims in ([0], [0, 3], [3, 0, 2], [0, 2**63 - 1], [2**61, 0, 3], [0] * 32):
        name = "_".join(map(str, dims[:3])) if len(dims) < 32 else "rank_32"
        cases["array_no_elements_" + name] = array("u8", dims, "C", "")
    cases["array_column_2_3"] = array("f32", [2, 3], "F")
    cases["array_column_2_1_3"] = array("u8", [2, 1, 3], "F")
    cases["array_column_means_nothing_1_5"] = array("u8", [1, 5], "F")
    cases["array_column_means_nothing_2_0_2"] = array("u8", [2, 0, 2], "F", "")
    cases["array_column_means_nothing_rank_0"] = array("u8", [], "F")
    cases["array_rank_32"] = array("i16", [1] * 32)
    cases["array_rank_32_column"] = array("u8", [2] + [1] * 30 + [3], "F")
    cases["array_nan_payload"] = array("f32", [2], "C", NAN32[1] + "00000080")
    cases["array_f16_nan_payload"] = array("f16", [2], "C", "017c0080")
    cases["array_nat"] = array("datetime64[ns]", [2], "C", "00" * 7 + "80" + "ff" * 8)
    cases["array_dim_128"] = array("u8", [128])
    cases["array_15_16_17_bytes"] = seq(*[array("u8", [n]) for n in (15, 16, 17, 1)])
    cases["array_empty_between"] = seq(array("u8", [1]), array("u8", [0]), array("u8", [2]))
    cases["array_last_has_no_payload"] = seq(array("u8", [1]), array("f64", [0, 4]))


def threshold_case(cases, kind, name, count):
    """Rows at one side of 512 bytes."""
    cases["rows_%s_%s" % (kind, name)] = seq(*[scalar(kind, i) for i in range(count)])


def optional_threshold_case(cases, kind, name, count):
    """Optional rows at one side of 512 bytes."""
    items = [NIL if i % 2 else scalar(kind, i) for i in range(count)]
    cases["rows_optional_%s_%s" % (kind, name)] = seq(*items)


def row_cases(cases):
    """Rows of scalars and optional scalars, inline, at the threshold and in DATA."""
    for kind in ROW_SCALARS:
        cases["rows_%s" % kind] = seq(*[scalar(kind, i) for i in range(3)])
        cases["rows_optional_%s" % kind] = seq(some(scalar(kind, 0)), NIL, scalar(kind, 2))
        if kind in ("bool", "u8", "i16", "f32"):
            cases["rows_sub_%s" % kind] = block([2, 3], kind)
        threshold_case(cases, kind, "first_in_data", -(-512 // SIZES[kind]))
    for kind in ("u8", "i16", "f32", "u64"):
        threshold_case(cases, kind, "last_inline", 511 // SIZES[kind])
    for kind in ("bool", "u16", "f32", "i64"):
        count = 511 // (SIZES[kind] + 1)
        optional_threshold_case(cases, kind, "last_inline", count)
        optional_threshold_case(cases, kind, "first_in_data", count + 1)
    cases["rows_one"] = ints("u8", 7)
    cases["rows_float_bits"] = seq(NAN32, ["f32", "00000080"])
    cases["rows_optional_float_bits"] = seq(NIL, some(["f64", "00" * 7 + "80"]), NAN64)
    cases["rows_all_some"] = seq(some(["u8", "1"]), some(some(["u8", "2"])))
    cases["rows_nil_first"] = seq(NIL, ["u16", "1"])
    cases["rows_optional_bool_first_nil"] = seq(NIL, NIL, ["bool", False], some(["bool", True]))


def subarray_cases(cases):
    """Subarrays of every rank, the threshold and the row formula."""
    for rank in range(1, 8):
        small = block([2] * (rank + 1), "u8") if rank < 5 else cube(rank + 1, scalar("f64", 3))
        cases["sub_rank_%d" % rank] = small
    cases["sub_rank_8_is_a_list"] = cube(9, scalar("f64", 3))
    cases["sub_rank_9_is_a_list"] = cube(10, scalar("f64", 3))
    cases["sub_rank_8_of_twos"] = block([1] + [2] * 8, "u8")
    cases["sub_rank_9_of_twos_is_rows_of_nodes"] = block([1] + [2] * 9, "u8")
    cases["sub_rank_9_with_17_is_rows_of_nodes"] = block([1] + [2] * 6 + [1, 17, 2], "u8")
    cases["sub_rank_15_is_nested"] = cube(17, scalar("f64", 3))
    cases["sub_511"] = block([73, 7], "i8")
    cases["sub_512"] = block([64, 8], "u8")
    cases["sub_of_512"] = seq(tuples([64], "f64", [0]))
    cases["sub_of_504"] = seq(tuples([63], "i64", [0]))
    cases["sub_formula_equal"] = block([2, 1, 3, 1, 1], "u8")
    cases["sub_formula_1_1_1_u8"] = cube(4, ["u8", "7"])
    cases["sub_formula_1_1_u8"] = cube(3, ["u8", "7"])
    cases["sub_formula_1_1_2_u8"] = cube(3, tup(["u8", "7"], ["u8", "8"]))
    cases["sub_formula_five_u16"] = cube(6, ["u16", "7"])
    cases["sub_formula_six_u16"] = cube(7, ["u16", "7"])
    cases["sub_formula_3_1_1_u8"] = block([1, 3, 1, 1], "u8")
    cases["sub_formula_1_2_1_1_1_u8"] = block([1, 1, 2, 1, 1, 1], "u8")
    cases["sub_in_some"] = seq(some(tuples([2], "u8", [0])), some(some(tuples([2], "u8", [2]))))


def vector_cases(cases):
    """Vectors of vectors: each is a list of its own, however long they are."""
    for rank in range(2, 5):
        cases["vectors_%d" % rank] = nest(rank - 1, ints("u8", 1, 2))
    cases["vectors_alike"] = seq(ints("u8", 1, 2, 3), ints("u8", 4, 5, 6))
    cases["vectors_ragged"] = seq(ints("u8", 1, 2), ints("u8", 3))
    cases["vectors_and_none"] = seq(seq(), ints("u8", 1))
    cases["vectors_of_none"] = seq(seq(), seq())
    cases["vectors_of_arrays"] = seq(block([2, 3], "u8"), block([2, 3], "u8"))
    cases["vectors_and_arrays"] = seq(ints("u8", 1, 2), tuples([2], "u8", [2]))
    cases["vectors_in_data"] = seq(block([64], "f64"), block([64], "f64"))
    cases["arrays_of_vectors"] = seq(tup(ints("u8", 1, 2), ints("u8", 3)), tup(ints("u8", 4), seq()))
    cases["some_vectors"] = seq(some(ints("u8", 1, 2)), some(some(ints("u8", 3, 4))))


def places(name):
    """Where the element stands that weakens a list."""
    if name in ("wider", "str", "some_nil", "nil", "ragged"):
        return (("first", 0), ("middle", 1), ("last", 2))
    return (("middle", 1),)


def weak_pairs(cases, kind, pair, others):
    """Two pairs, and something else before, between or behind them."""
    for name, other in others.items():
        for place, at in places(name):
            items = [pair, pair]
            items.insert(at, other)
            cases["weak_%s_%s_%s" % (kind, name, place)] = seq(*items)


def weak_cases(cases):
    """Lists that weaken to nodes, at the first, the middle and the last element."""
    one = ["u8", "1"]
    others = {
        "wider": ["u16", "2"], "signed": ["i8", "2"], "float": ["f32", "0000803f"],
        "bool": ["bool", True], "str": text("a"), "u128": ["u128", "2"], "some_nil": some(NIL),
        "list": ints("u8", 1), "array": array("u8", []),
    }
    for name, other in others.items():
        for place, at in places(name):
            items = [one, one]
            items.insert(at, other)
            cases["weak_%s_%s" % (name, place)] = seq(*items)
    vectors = {"nil": NIL, "ragged": ints("u8", 3), "wider": ints("u16", 3, 4), "empty": seq(),
               "optional": seq(["u8", "3"], NIL)}
    weak_pairs(cases, "block", ints("u8", 1, 2), vectors)
    arrays = {name: tup(*other[1]) if other[0] == "seq" else other for name, other in vectors.items()}
    weak_pairs(cases, "arrays", tuples([2], "u8", [0]), {**arrays, "vector": ints("u8", 1, 2)})
    cases["weak_optional_then_wider"] = seq(one, NIL, ["u16", "2"])
    cases["weak_optional_rows_twice"] = seq(seq(one, NIL), seq(one, NIL))
    cases["weak_block_dims_swapped"] = seq(tuples([2, 3], "u8", [0]), tuples([3, 2], "u8", [0]))
    cases["weak_128_bit"] = ints("i128", 1, 2)
    cases["weak_arrays"] = seq(array("u8", [2]), array("u8", [2]))
    cases["weak_chars"] = seq(["char", 65], ["char", 66])


def struct_cases(cases):
    """Structs with payloads and the padding between them, and the example of section 9."""
    floats = struct.pack("<6f", *range(6)).hex()
    frame = struct_of(id=["u8", "7"], pixels=array("f32", [2, 3], "C", floats))
    cases["example"] = frame
    cases["struct_payloads"] = struct_of(
        name=text("n"), mask=array("bool", [5]), inner=struct_of(
            blob=["bytes", raw(512)], small=["bytes", raw(3)], z=array("complex128", [1])),
        words=seq(text("x" * 512), text("y")), last=array("u8", [1]))
    cases["struct_rows_of_frames"] = seq(frame, frame)
    cases["struct_rows_payload_between"] = struct_of(
        a=array("u8", [1]), rows=block([65], "f64"), b=array("u8", [16]), t=text("t" * 513))
    cases["struct_head_aligned"] = seq(text("0123456789"), array("u8", [1]))
    cases["struct_head_one_over"] = seq(text("0123456789a"), array("u8", [1]))


def depth_cases(cases):
    """Depth exactly 128."""
    cases["depth_empty_list"] = nest(127, seq())
    cases["depth_nil"] = nest(128, NIL)
    cases["depth_rows"] = nest(127, ints("u8", 1))
    cases["depth_optional"] = nest(127, seq(["u8", "1"], NIL))
    cases["depth_sub_rank_7"] = nest(120, cube(8, scalar("f64", 1)))
    cases["depth_array_rank_0"] = nest(127, array("u8", []))
    cases["depth_array_rank_32"] = nest(96, array("u8", [1] * 32))
    value = NIL
    for _ in range(128):
        value = some(value)
    cases["depth_some"] = value
    value = ["map", []]
    for index in range(127):
        value = ["map", [[value, NIL]]] if index % 2 else struct_of(a=value)
    cases["depth_map"] = value


def plain_cases(cases):
    """Every case without a table."""
    for add in (integer_cases, leaf_cases, text_cases, container_cases, array_cases, row_cases, subarray_cases, vector_cases,
                weak_cases, struct_cases, depth_cases):
        add(cases)
