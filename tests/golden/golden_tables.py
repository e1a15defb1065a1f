"""The golden cases of tables: rows of maps and tuples, and forms that a free writer may choose."""

import itertools
import struct

from golden_cases import (NAN32, NIL, ROW_SCALARS, array, block, ints, nest, raw, scalar, seq, some, struct_of, text, tup,
                          tuples)


def fields(*pairs):
    """A struct of these names and values."""
    return ["struct", [[name, value] for name, value in pairs]]


def record(**values):
    """A struct with its field names."""
    return fields(*values.items())


def variant(name, content):
    """A variant with content."""
    return ["variant", name, content]


def u8(value):
    """A u8."""
    return ["u8", str(value)]


def two(make):
    """Two rows."""
    return seq(make(1), make(2))


def column_cases(cases):
    """Every row scalar as a column: there, with gaps, and as a subarray of rank 1 to 3."""
    cases["table_columns"] = seq(*[fields(*[(kind, scalar(kind, i)) for kind in ROW_SCALARS]) for i in range(3)])
    cases["table_tuple_columns"] = seq(*[tup(*[scalar(kind, i) for kind in ROW_SCALARS]) for i in range(3)])
    for kind in ROW_SCALARS:
        cases["table_column_" + kind] = seq(*[record(a=scalar(kind, i)) for i in range(3)])
        values = [some(scalar(kind, 0)), NIL, scalar(kind, 2)]
        cases["table_optional_%s_gaps" % kind] = seq(*[record(a=value) for value in values])
        cases["table_optional_%s_all_there" % kind] = seq(*[record(a=some(scalar(kind, i))) for i in range(2)])
        cases["table_tuple_optional_" + kind] = seq(*[tup(value, value) for value in values])
        counter = [0]
        for rank in (1, 2, 3):
            rows = [record(p=tuples([2, 1, 3][:rank], kind, counter), n=scalar(kind, i)) for i in range(2)]
            cases["table_sub_%d_%s" % (rank, kind)] = seq(*rows)
    for rank in (1, 2, 3):
        counter = [0]
        cases["table_tuple_sub_%d" % rank] = two(lambda i: tup(tuples([3, 2, 2][:rank], "u16", counter), u8(i)))
        cases["table_tuple_all_one_sub_%d" % rank] = two(
            lambda i: tup(*[tuples([2, 1, 2][:rank], "i32", counter) for _ in range(3)]))
    cases["table_float_bits"] = seq(record(a=NAN32, b=NIL), record(a=["f32", "00000080"], b=some(NAN32)))
    cases["table_telemetry_1000"] = seq(*[
        record(ts=["i64", str(1700000000000 + 20 * i)], x=["f32", struct.pack("<f", i / 8).hex()],
               y=["f32", struct.pack("<f", -i / 4).hex()], ok=["bool", i % 7 != 0]) for i in range(1000)])
    cases["table_detections"] = two(lambda i: record(
        **{"class": ["u16", str(i)], "score": ["f32", "0000003f"], "bbox": tuples([4], "f32", [i]),
           "label": text("cat" * i)}))


def wide(inner, index):
    """A row that is wide enough for many names and maps."""
    return record(wide=tuples([8], "u64", [index]), m=inner)


def nest_maps(levels, core):
    """`levels` structs around a core."""
    for _ in range(levels):
        core = record(m=core)
    return core


def map_cases(cases):
    """Maps inside maps: how deep, how many leaves."""
    for levels in range(1, 9):
        cases["table_maps_%d" % levels] = two(lambda i: nest_maps(levels, ["i64", str(-i)]))
    for levels in (6, 7, 8, 9):
        cases["table_maps_%d_in_a_map" % levels] = two(lambda i: wide(nest_maps(levels, u8(i)), i))
    cases["table_maps_nested_columns"] = two(lambda i: record(
        a=u8(i), b=record(c=["u16", "2"], d=record(e=["f64", "00" * 8], f=text("f")), g=NIL), h=tuples([2], "i8", [i])))
    for count in (63, 64, 65):
        cases["table_leaves_%d" % count] = two(lambda i: fields(*[("f%d" % n, u8(n + i)) for n in range(count)]))
        cases["table_leaves_%d_nodes" % count] = two(lambda i: fields(*[("f%d" % n, text("")) for n in range(count)]))
        cases["table_leaves_%d_tuple" % count] = two(
            lambda i: tup(*[scalar(ROW_SCALARS[n % 2], n + i) for n in range(count)]))
        cases["table_leaves_%d_in_two_maps" % count] = two(lambda i: record(
            a=fields(*[("f%d" % n, u8(n)) for n in range(32)]), b=fields(*[("f%d" % n, u8(i)) for n in range(count - 32)])))
        cases["table_leaves_%d_inside" % count] = two(lambda i: record(
            a=u8(i), b=fields(*[("f%d" % n, u8(n)) for n in range(count)])))
    cases["table_leaves_64_with_a_map_of_65"] = two(lambda i: fields(
        *[("f%d" % n, u8(n)) for n in range(63)], ("m", fields(*[("g%d" % n, u8(i)) for n in range(65)]))))
    cases["table_leaves_65_with_a_map_of_65"] = two(lambda i: fields(
        *[("f%d" % n, u8(n)) for n in range(64)], ("m", fields(*[("g%d" % n, u8(i)) for n in range(65)]))))
    cases["table_maps_15_16_entries"] = two(lambda i: record(
        a=fields(*[("f%d" % n, u8(i)) for n in range(15)]), b=fields(*[("g%d" % n, u8(i)) for n in range(16)])))
    cases["table_tuple_15"] = two(lambda i: tup(*[u8(i)] * 14, text("t")))
    cases["table_tuple_16"] = two(lambda i: tup(*[u8(i)] * 15, text("t")))
    cases["table_empty_maps"] = two(lambda i: ["map", []])
    cases["table_empty_map_column"] = two(lambda i: record(a=u8(i), b=["map", []], c=["struct", []]))


def name_cases(cases):
    """Names at their limits, and keys that are none."""
    for size in (1, 31, 32, 255, 256):
        cases["table_name_%d" % size] = two(lambda i: fields(("n" * size, ["u64", str(i)])))
        cases["table_name_%d_inside" % size] = two(lambda i: record(w=["u64", str(i)], m=fields(("n" * size, u8(i)))))
    for size, name in ((255, "\u20ac" * 85), (256, "\u00e9" * 128)):
        cases["table_name_utf8_%d" % size] = two(lambda i: fields((name, ["u64", str(i)])))
    keys = {"empty": text(""), "int": u8(1), "char": ["char", 97], "nil": NIL, "some_str": some(text("s")),
            "bytes": ["bytes", "61"], "newtype_str": ["newtype", text("s")], "list": seq(), "some_nil": some(NIL)}
    for name, key in keys.items():
        cases["table_key_" + name] = two(lambda i: ["map", [[key, u8(i)]]])
        cases["table_key_%s_inside" % name] = two(lambda i: record(a=u8(i), b=["map", [[key, u8(i)]]]))
    twice = ["map", [[text("a"), u8(1)], [text("b"), u8(2)], [text("a"), u8(3)]]]
    cases["table_name_twice"] = two(lambda i: twice)
    cases["table_name_twice_inside"] = two(lambda i: record(a=u8(i), b=twice))
    cases["table_name_again_inside"] = two(lambda i: record(a=u8(i), b=record(a=u8(i), b=u8(2))))


def formula_cases(cases):
    """The row formula from both sides, and subarrays that it makes nodes."""
    for size in (40, 41):
        cases["table_formula_name_%d_bool" % size] = two(lambda i: fields(("n" * size, ["bool", True])))
        cases["table_formula_name_%d_node" % size] = two(lambda i: fields(("n" * size, text("x"))))
        cases["table_formula_name_%d_nil" % size] = two(lambda i: fields(("n" * size, NIL)))
    for size in (104, 105):
        cases["table_formula_name_%d_optional_u8" % size] = seq(
            fields(("n" * size, NIL)), fields(("n" * size, u8(1))), fields(("n" * size, NIL)))
    for levels in (2, 3):
        cases["table_formula_maps_%d_u8" % levels] = two(lambda i: nest_maps(levels, u8(i)))
    for levels in (5, 6):
        cases["table_formula_maps_%d_u16" % levels] = two(lambda i: nest_maps(levels, ["u16", str(i)]))
    cases["table_formula_inner_map_alone_is_outside"] = two(lambda i: record(
        w=["u64", str(i)], m=fields(("n" * 60, ["bool", True]))))
    for name, dims in (("1_1", [1, 1]), ("1_1_1", [1, 1, 1]), ("7_dims", [2] * 7), ("8_dims", [2] * 8)):
        cases["table_formula_sub_%s" % name] = two(lambda i: record(a=["u16", "1"], p=tuples(dims, "u8", [i])))
        cases["table_formula_sub_%s_alone" % name] = two(lambda i: record(p=tuples(dims, "u8", [i])))
        cases["table_formula_tuple_sub_%s" % name] = two(lambda i: tup(tuples(dims, "u8", [i]), text("t")))
        cases["table_formula_tuple_sub_%s_alone" % name] = two(lambda i: tup(tuples(dims, "u8", [i])))


NODES = {
    "nil": NIL, "u128": ["u128", "5"], "i128_min": ["i128", str(-2**127)], "char": ["char", 0x20AC], "str_0": text(""),
    "str_31": text("s" * 31), "str_32": text("s" * 32), "str_511": text("s" * 511), "str_512": text("s" * 512),
    "bytes_0": ["bytes", ""], "bytes_511": ["bytes", raw(511)], "bytes_512": ["bytes", raw(512)], "list_0": seq(),
    "list_2": seq(text("a"), NIL), "list_16": seq(*[text("a")] * 16), "map_int_key": ["map", [[u8(1), u8(2)]]],
    "map_16": ["map", [[["u16", str(i)], NIL] for i in range(16)]], "some_nil": some(NIL), "some_some_nil": some(some(NIL)),
    "array_rank_0": array("f16", []), "array": array("complex64", [2, 2]), "array_column": array("u8", [2, 3], "F"),
    "array_empty": array("f64", [0, 3]), "rows": ints("u16", 1, 2, 3), "rows_optional": seq(u8(1), NIL),
    "rows_in_data": block([64], "f64"), "rows_optional_in_data": seq(*[scalar("u8", 1), NIL] * 128),
    "rows_sub": block([2, 2], "i8"), "rows_sub_in_data": block([64, 8], "u8"), "tuple_unlike": tup(u8(1), text("t")),
    "tuple_with_nil": tup(u8(1), NIL), "tuple_ragged": tup(tup(u8(1)), tup(u8(1), u8(2))),
    "tuple_of_maps": tup(record(a=u8(1))), "seq_of_one": ints("u8", 1),
}


def node_cases(cases):
    """Node leaves of every kind of node, alone, beside others, and with payloads in DATA."""
    for name, value in NODES.items():
        cases["table_node_" + name] = two(lambda i: record(id=["u16", str(i)], v=value))
    cases["table_node_mixed"] = seq(*[record(i=u8(1), v=value) for value in NODES.values()])
    cases["table_node_tuple_mixed"] = seq(*[tup(u8(1), value, text("t")) for value in NODES.values()])
    widths = [scalar(kind, 1) for kind in ROW_SCALARS]
    cases["table_node_of_every_scalar"] = seq(*[record(v=value) for value in widths])
    cases["table_node_of_nil_and_two_widths"] = seq(*[record(v=value, w=u8(1)) for value in (NIL, u8(1), ["u16", "1"])])
    cases["table_payloads_in_order"] = seq(text("before" * 100), seq(*[record(
        a=tuples([16], "f64", [i]), b=text("b%d" % i * 256), c=record(d=array("u8", [i + 1]), e=block([65], "f64")),
        f=["bytes", raw(512, i)]) for i in range(4)]), text("after" * 110))
    cases["table_in_a_table"] = two(lambda i: record(id=u8(i), rows=seq(*[record(x=u8(n), y=NIL) for n in range(3)])))
    cases["table_in_a_table_in_a_table"] = two(lambda i: record(a=u8(i), b=two(lambda k: record(
        c=["u16", str(k)], d=two(lambda n: record(e=text("e%d" % n), f=u8(i + k + n)))))))
    cases["table_in_a_table_in_data"] = two(lambda i: record(a=tuples([64], "f64", [i]), b=two(lambda k: tup(
        tuples([64], "i64", [k]), two(lambda n: record(e=text("e" * 512), f=tuples([8, 8], "u64", [n])))))))
    cases["table_in_a_tuple_row"] = two(lambda i: tup(u8(i), two(lambda k: tup(u8(k), text("k")))))


def threshold_cases(cases):
    """The fixed part at 511 and 512 bytes."""
    cases["table_fixed_511"] = seq(*[record(a=u8(i), b=tuples([3], "u16", [i])) for i in range(73)])
    cases["table_fixed_512"] = seq(*[record(a=tuples([2], "u8", [i]), b=tuples([3], "u16", [i])) for i in range(64)])
    cases["table_fixed_511_nodes"] = seq(*[record(a=u8(i), b=tuples([3], "u16", [i]), c=text("c")) for i in range(73)])
    cases["table_fixed_512_nodes"] = seq(*[record(a=["u64", str(i)], c=text("c" * i)) for i in range(64)])
    cases["table_fixed_511_optional"] = seq(*[tup(u8(i), NIL if i % 3 else ["f32", "0000803f"], u8(2)) for i in range(73)])
    cases["table_fixed_512_optional"] = seq(*[tup(u8(i), NIL if i % 3 else ["u32", "7"], ["u16", "2"]) for i in range(64)])
    cases["table_fixed_512_in_two_rows"] = two(lambda i: record(a=tuples([4, 8], "f64", [i])))
    cases["table_fixed_none_nodes_in_data"] = two(lambda i: record(a=text("a" * 600), b=array("u8", [3])))


def row_count_cases(cases):
    """One row; and what came as tuple, tuple struct or sequence."""
    cases["table_one_struct"] = seq(record(a=u8(1), b=["u16", "2"]))
    cases["table_one_tuple"] = seq(tup(u8(1), ["u16", "2"]))
    cases["table_one_tuple_alike"] = seq(tup(u8(1), u8(2)))
    cases["table_one_tuple_of_tuples_alike"] = seq(tup(tup(u8(1), u8(2)), tup(u8(3), u8(4))))
    cases["table_of_tuple_structs"] = two(lambda i: ["tuple_struct", [u8(i), ["u16", "2"]]])
    cases["table_of_newtypes"] = two(lambda i: ["newtype", some(record(a=["newtype", u8(i)], b=some(tup(u8(1), u8(2)))))])
    cases["table_given_as_tuple"] = tup(record(a=u8(1)), record(a=u8(2)))
    cases["table_tuple_of_no_element"] = two(lambda i: tup())
    cases["table_tuple_of_one_nil"] = two(lambda i: tup(NIL))
    cases["table_tuple_of_one_str"] = two(lambda i: tup(text("t")))
    cases["table_tuple_all_nil"] = two(lambda i: tup(NIL, NIL))
    for count in (64, 65):
        items = [u8(n) for n in range(count)]
        cases["table_tuple_%d_alike" % count] = two(lambda i: tup(*items))
        cases["table_tuple_%d_and_seq" % count] = seq(tup(*items), seq(*items))
        cases["table_tuple_%d_column" % count] = two(lambda i: record(a=tup(*items), b=u8(i)))
        cases["table_tuple_%d_unlike_column" % count] = two(lambda i: record(a=tup(text("t"), *items[1:]), b=u8(i)))
        cases["table_tuple_of_tuple_%d" % count] = two(lambda i: tup(u8(i), tup(*items)))
    pair, mixed = tup(record(a=u8(1)), record(a=u8(2))), tup(tup(u8(1), text("x")), tup(u8(2), text("y")))
    gaps = tup(tup(u8(1)), tup(NIL))
    for name, value in (("maps", pair), ("tuples", mixed), ("tuples_with_gaps", gaps)):
        cases["table_tuple_of_%s_alone" % name] = value
        cases["table_tuple_of_%s_in_a_list" % name] = seq(value)
        cases["table_tuple_of_%s_in_rows" % name] = two(lambda i: value)
        cases["table_tuple_of_%s_in_a_plain_list" % name] = seq(value, text("t"))
        cases["table_tuple_of_%s_beside_nil" % name] = seq(NIL, value)
        cases["table_tuple_of_%s_in_a_tuple_in_a_list" % name] = seq(tup(value))
        cases["table_tuple_of_%s_in_a_tuple" % name] = tup(u8(1), some(["newtype", value]))
        cases["table_tuple_of_%s_in_a_column" % name] = two(lambda i: record(a=value))
        cases["table_tuple_of_%s_in_a_map" % name] = struct_of(a=value)
        cases["table_tuple_of_%s_in_a_variant" % name] = variant("V", value)
        cases["table_tuple_of_%s_in_variants" % name] = two(lambda i: variant("V", value))
        cases["table_seq_of_%s_in_a_list" % name] = seq(seq(*value[1]))
        cases["table_tuple_65_of_%s_in_a_list" % name] = seq(tup(*[value[1][0]] * 65))
    cases["table_tuple_384_column"] = two(lambda i: record(emb=tuples([384], "f32", [i]), label=text("cat")))
    cases["table_seq_column"] = two(lambda i: record(a=ints("u8", 1, 2), b=u8(i)))
    cases["table_tuple_of_seqs"] = two(lambda i: tup(ints("u8", 1, 2), ints("u8", 3, 4)))
    cases["table_tuple_of_seq_and_tuple"] = two(lambda i: tup(ints("u8", 1, 2), tup(u8(3), u8(4))))
    cases["table_seq_of_tuples_column"] = two(lambda i: record(a=seq(tup(u8(1), u8(2)), tup(u8(3), u8(4))), b=u8(i)))
    cases["table_seqs_of_tuples"] = two(lambda i: seq(tup(u8(1), u8(2)), tup(u8(3), u8(4))))
    cases["table_tuples_of_seqs_of_unlike"] = two(lambda i: seq(u8(1), ["u16", "2"]))


def nil_and_variant_cases(cases):
    """Columns that are nil throughout, and variants with content."""
    cases["table_nil_column"] = two(lambda i: record(a=NIL, b=u8(i)))
    cases["table_nil_columns_only"] = two(lambda i: record(a=NIL, b=record(c=NIL)))
    cases["table_nil_tuple_column"] = two(lambda i: tup(NIL, u8(i)))
    cases["table_variants_newtype"] = two(lambda i: variant("Circle", ["f64", "00" * 8]))
    cases["table_variants_tuple"] = two(lambda i: variant("Pair", tup(u8(i), u8(2))))
    cases["table_variants_tuple_unlike"] = two(lambda i: variant("Pair", tup(u8(i), text("t"))))
    cases["table_variants_struct"] = two(lambda i: variant("Rect", record(w=u8(i), h=["f32", "0000803f"])))
    cases["table_variants_differ"] = seq(variant("A", u8(1)), variant("B", u8(2)))
    cases["table_variants_unit_and_newtype"] = seq(text("A"), variant("A", u8(2)))
    cases["table_variants_newtype_and_struct"] = seq(variant("A", u8(1)), variant("A", record(x=u8(2))))
    cases["table_variant_column"] = two(lambda i: record(id=u8(i), shape=variant("Circle", ["f64", "00" * 8])))
    cases["table_variant_column_differs"] = seq(
        record(id=u8(1), s=variant("A", u8(1))), record(id=u8(2), s=variant("B", u8(1))), record(id=u8(3), s=text("C")))
    cases["table_variant_like_a_map"] = seq(variant("A", u8(1)), ["map", [[text("A"), u8(2)]]], record(A=u8(3)))


JOINS = {
    "gaps": [record(a=u8(1)), record(a=NIL), record(a=some(u8(2)))],
    "widths": [record(a=u8(1), b=NIL), record(a=["u16", "2"], b=NIL), record(a=NIL, b=u8(3))],
    "map_or_nil": [record(m=record(x=u8(1))), record(m=NIL), record(m=record(x=u8(2)))],
    "map_names": [record(m=record(x=u8(1))), record(m=record(y=u8(1))), record(m=record(x=NIL))],
    "map_fields": [record(m=record(x=u8(1), y=NIL)), record(m=record(x=NIL, y=u8(1))), record(m=record(x=text("x"), y=NIL))],
    "names": [record(a=u8(1), b=u8(2)), record(b=u8(2), a=u8(1)), record(a=u8(1), b=u8(2))],
    "more_names": [record(a=u8(1)), record(a=u8(1), b=u8(2)), record(a=u8(3))],
    "row_or_nil": [record(a=u8(1)), NIL, record(a=u8(2))],
    "row_or_str": [record(a=u8(1)), text("s"), record(a=NIL)],
    "subarrays": [record(p=tup(u8(1), u8(2))), record(p=tup(u8(3))), record(p=tup(u8(4), u8(5)))],
    "subarray_or_nil": [record(p=tup(u8(1), u8(2))), record(p=NIL), record(p=tup(u8(4), u8(5)))],
    "subarray_or_scalar": [record(p=tup(u8(1))), record(p=u8(2)), record(p=tup(u8(3)))],
    "tuples": [tup(u8(1), NIL), tup(NIL, ["u16", "2"]), tup(some(u8(3)), ["u16", "4"])],
    "tuples_to_optional": [tup(u8(1), u8(2)), tup(u8(3), NIL), tup(NIL, u8(4))],
    "tuples_to_nodes": [tup(u8(1), u8(2)), tup(["u16", "3"], NIL), tup(NIL, text("x"))],
    "tuple_lengths": [tup(u8(1), u8(2)), tup(u8(3)), tup(u8(4), u8(5))],
    "tuple_block": [tup(u8(1), u8(2)), ints("u8", 3, 4), tup(u8(5), u8(6))],
    "tuple_block_optional": [tup(u8(1), u8(2)), ints("u8", 3, 4), tup(u8(5), NIL)],
    "tuple_block_wider": [tup(u8(1), u8(2)), ints("u8", 3, 4), tup(u8(5), ["u16", "6"])],
    "tuple_block_of_pairs": [
        tup(tup(u8(1), u8(2)), tup(u8(3), u8(4))), block([2, 2], "u8"), seq(tup(u8(1), u8(2)), tup(u8(1), u8(1)))],
    "tuple_of_seqs_block": [tup(ints("u8", 1, 2), ints("u8", 3, 4)), block([2, 2], "u8"), block([2, 2], "u8")],
    "tuple_block_1_1_1": [tup(tup(tup(u8(1)))), nest(3, u8(1)), tup(tup(tup(u8(2))))],
    "tuple_or_map": [tup(u8(1), u8(2)), record(a=u8(1), b=u8(2)), tup(u8(3), u8(4))],
    "large_map_or_small": [
        record(m=fields(*[("f%d" % n, u8(n)) for n in range(65)])), record(m=record(f0=u8(1))), record(m=NIL)],
}


def join_cases(cases):
    """Three rows in every order."""
    for name, rows in JOINS.items():
        for number, order in enumerate(itertools.permutations(rows)):
            cases["table_join_%s_%d" % (name, number)] = seq(*order)


def depth_cases(cases):
    """Depth exactly 128, by what the schema counts and by what stands in it."""
    cases["depth_table"] = nest(126, two(lambda i: record(a=u8(i))))
    cases["depth_table_tuple"] = nest(126, two(lambda i: tup(u8(i), text("t"))))
    cases["depth_table_sub"] = nest(125, two(lambda i: record(p=tup(u8(i)), q=u8(1))))
    cases["depth_table_sub_rank_3"] = nest(123, two(lambda i: tup(tuples([2, 1, 2], "u16", [i]), NIL)))
    cases["depth_table_maps_8"] = nest(119, two(lambda i: nest_maps(8, ["i64", str(i)])))
    cases["depth_table_node"] = nest(124, two(lambda i: record(m=record(l=seq(text("a"))))))
    cases["depth_table_node_array"] = nest(94, two(lambda i: tup(array("u8", [1] * 32), u8(i))))
    cases["depth_table_node_some"] = nest(125, two(lambda i: record(a=u8(i), b=some(NIL))))
    value = two(lambda i: record(b=text("x"), t=two(lambda k: record(c=u8(k)))))
    for index in range(62):
        value = seq(record(t=value), record(t=NIL))
    cases["depth_tables_in_tables"] = value


def table_cases(cases):
    """All of them."""
    for add in (column_cases, map_cases, name_cases, formula_cases, node_cases, threshold_cases, row_count_cases,
                nil_and_variant_cases, join_cases, depth_cases):
        add(cases)


def sorted_cases():
    """Name -> events that are written with the option of 7.4."""
    def rows(*orders):
        return seq(*[["map", [[text(name), u8(ord(name))] for name in order]] for order in orders])

    return {
        "sorted_rows": rows("abc", "cab", "bca"),
        "sorted_rows_of_structs": seq(record(b=u8(1), a=u8(2)), record(b=u8(3), a=u8(4))),
        "sorted_map_column": seq(*[record(z=u8(1), a=["map", [[text("y"), u8(i)], [text("x"), NIL]]]) for i in range(2)]),
        "sorted_tables_as_keys": ["map", [[rows("ba", "ab"), u8(1)], [rows("ab"), u8(2)], [text("a"), u8(3)]]],
        "sorted_same_names": ["map", [[text("b"), u8(1)], [text("a"), u8(1)], [text("b"), u8(0)], [text("a"), u8(0)]]],
    }


def accepted_cases():
    """Name -> dumps of what a free writer may write, mostly forms that no fixed writer chooses."""
    def ints_of(*values):
        return ["list", [["int", str(value)] for value in values]]

    scalar_u8, optional_u8, leaf = ["scalar", "u8"], ["optional", "u8"], ["node"]
    string = ["str", "x"]

    def rows(schema, count, fixed, *nodes):
        return ["rows", schema, count, fixed, list(nodes)]

    def map_rows(columns, count, fixed, *nodes):
        return rows(["map", [list(column) for column in columns.items()]], count, fixed, *nodes)

    one_map = ["map", [[["str", "a"], ["int", "1"]]]]
    return {
        "accepted_list_of_like_ints": ints_of(1, 2, 3),
        "accepted_list_of_like_floats": ["list", [["f32", "0000803f"], ["f32", "00000040"]]],
        "accepted_list_of_like_maps": ["list", [one_map, one_map]],
        "accepted_list_of_like_tuples": ["list", [["list", [["int", "1"], string]], ["list", [["int", "2"], string]]]],
        "accepted_list_of_like_rows": ["list", [rows(scalar_u8, 2, "0102"), rows(scalar_u8, 2, "0304")]],
        "accepted_list_of_one_rows": ["list", [rows(scalar_u8, 1, "07")]],
        "accepted_list_with_gaps": ["list", [["int", "1"], ["nil"]]],
        "accepted_optional_without_gaps": rows(optional_u8, 2, "01070100"),
        "accepted_optional_all_absent": rows(optional_u8, 2, "00000000"),
        "accepted_map_optional_without_gaps": map_rows({"a": optional_u8, "b": scalar_u8}, 2, "010702010008"),
        "accepted_map_optional_all_absent": map_rows({"a": ["optional", "f64"]}, 2, "00" * 18),
        "accepted_tuple_optional_without_gaps": rows(["tuple", [optional_u8, optional_u8]], 2, "0107010601050104"),
        "accepted_one_map_row": map_rows({"a": scalar_u8}, 1, "07"),
        "accepted_one_map_row_of_nodes": map_rows({"a": leaf, "b": leaf}, 1, "", string, ["int", "7"]),
        "accepted_one_tuple_row": rows(["tuple", [scalar_u8, ["scalar", "u16"]]], 1, "070800"),
        "accepted_one_tuple_row_of_a_node": rows(["tuple", [leaf]], 1, "", ["array", "u8", [2], "C", "0102"]),
        "accepted_one_wide_row": map_rows({"a": ["subarray", "u8", [2, 256]], "b": leaf}, 1, raw(512), ["str", "y" * 512]),
        "accepted_node_leaf_of_like_ints": map_rows({"a": leaf}, 3, "", *ints_of(1, 2, 300)[1]),
        "accepted_node_leaf_of_like_floats": rows(["tuple", [leaf, leaf]], 2, "", *[["f64", "00" * 8]] * 4),
        "accepted_node_leaf_of_like_maps": map_rows({"m": leaf, "n": scalar_u8}, 2, "0102", one_map, one_map),
        "accepted_node_leaf_of_like_rows": map_rows({"p": leaf}, 2, "", *[rows(["subarray", "u8", [2]], 1, "0102")] * 2),
        "accepted_sub_of_one": rows(["tuple", [["subarray", "u8", [1]], scalar_u8]], 2, "01020304"),
        "accepted_sub_just_inside_the_formula_alone": map_rows(
            {"a": ["scalar", "u64"], "b": ["subarray", "u8", [1, 1]]}, 2, raw(18)),
        "accepted_map_outside_the_formula_alone": map_rows(
            {"a": ["scalar", "u64"], "b": ["map", [["n" * 60, ["scalar", "bool"]]]]}, 1, raw(8) + "01"),
        "accepted_maps_8": map_rows({"a": nested_schema(7, ["scalar", "u64"])}, 1, raw(8)),
    }


def nested_schema(levels, core):
    """`levels` maps around a leaf."""
    for _ in range(levels):
        core = ["map", [["m", core]]]
    return core
