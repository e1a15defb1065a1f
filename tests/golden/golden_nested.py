"""The golden cases of what nests: tuples and maps in each other, their limits, rows without rows, tuples of over 16."""

import struct

from golden_cases import NIL, array, ints, nest, raw, scalar, seq, some, text, tup, tuples
from golden_tables import fields, nested_schema, record, two, u8, variant

ALTERNATE = ("u8", "u16")


def u16(value):
    """A u16."""
    return ["u16", str(value)]


def uneven(count, index=0):
    """A tuple of u8 and u16 in turn: of two elements or more no subarray."""
    return tup(*[scalar(ALTERNATE[n % 2], n + index + 1) for n in range(count)])


def wrap(levels, core):
    """`levels` tuples and structs in turn around a core; the innermost is a struct if there is any."""
    for level in range(levels):
        core = tup(core) if level % 2 else record(m=core)
    return core


def wrap_tuples(levels, core):
    """`levels` tuples of one element around a core."""
    for _ in range(levels):
        core = tup(core)
    return core


def spread(count, make):
    """So many leaves as a tuple of tuples: at most 16 of them, of at most 16 of these, of at most 16 leaves."""
    if count <= 16:
        return tup(*[make(n) for n in range(count)])
    step = 16 if count <= 256 else 256
    parts = [min(step, count - at) for at in range(0, count, step)]
    return tup(*[spread(part, make) for part in parts])


def columns(count, make, prefix="f"):
    """A struct of so many fields."""
    return fields(*[("%s%d" % (prefix, n), make(n)) for n in range(count)])


# -- what nests in what --------------------------------------------------------

def nested_cases(cases):
    """Tuples in tuples, tuples in maps, maps in tuples: in one row, in two, and with gaps."""
    shapes = {
        "tuple_in_tuple": lambda i: tup(uneven(2, i), u8(i)),
        "tuple_in_map": lambda i: record(p=uneven(2, i), q=u8(i)),
        "map_in_tuple": lambda i: tup(u8(i), record(x=u8(i), y=u16(i))),
        "equal_maps_in_tuple": lambda i: tup(record(a=u8(i)), record(a=u8(i + 1))),
        "equal_maps_in_tuple_in_map": lambda i: record(p=tup(record(a=u8(i)), record(a=u8(i + 1)))),
        "equal_tuples_in_tuple": lambda i: tup(uneven(2, i), uneven(2, i + 1)),
        "map_in_tuple_in_map": lambda i: record(p=tup(u8(i), record(x=u16(i))), q=text("q")),
        "tuple_in_map_in_tuple": lambda i: tup(record(p=uneven(3, i)), record(p=uneven(3, i + 1))),
        "subarray_in_tuple_in_tuple": lambda i: tup(tup(tuples([2], "f32", [i]), u8(i)), tuples([2, 2], "i8", [i])),
        "subarrays_unlike_in_tuple": lambda i: tup(tuples([2], "u8", [i]), tuples([3], "u8", [i])),
        "subarray_of_tuples_in_map": lambda i: record(p=tup(tuples([2], "u8", [i]), tuples([2], "u8", [i + 2]))),
        "tuple_of_one_in_tuple": lambda i: tup(tup(text("t"))),
        "tuple_of_one_map": lambda i: tup(record(a=u8(i))),
        "map_of_one_tuple_of_one_map": lambda i: record(a=tup(record(a=["u64", str(i)]))),
        "nodes_before_and_behind": lambda i: tup(text("a%d" % i), tup(u8(i), text("b")), record(c=text("c"), d=u8(i)), NIL),
        "nodes_only": lambda i: tup(tup(text("a"), text("b")), record(c=tup(text("c")))),
        "vector_in_tuple_in_map": lambda i: record(p=tup(ints("u8", *range(i)), u8(i))),
        "table_in_tuple_in_map": lambda i: record(p=tup(two(lambda k: uneven(2, k)), u8(i))),
        "variant_in_tuple": lambda i: tup(variant("A", u8(i)), u8(i)),
        "tuple_variant_in_map": lambda i: record(s=variant("Pair", uneven(2, i))),
        "struct_variant_in_tuple": lambda i: tup(variant("Rect", record(w=u8(i), h=u16(i)))),
        "newtypes_and_somes": lambda i: tup(["newtype", some(uneven(2, i))], some(["newtype", record(a=some(u8(i)))])),
        "tuple_structs": lambda i: ["tuple_struct", [["tuple_struct", [u8(i), u16(i)]], u8(i)]],
        "empty_tuple_in_tuple": lambda i: tup(tup(), tup(tup(), u8(i))),
        "empty_map_in_tuple": lambda i: tup(["map", []], u8(i)),
        "payloads": lambda i: tup(array("u8", [i]), record(a=text("a" * 512), b=tup(u8(i), ["bytes", raw(512, i)])),
                                  tuples([32], "f64", [i])),
        "complex_pairs": lambda i: record(z=tup(tuples([2], "f64", [i]), tuples([2], "f64", [i + 2]))),
    }
    for name, make in shapes.items():
        cases["nested_" + name] = two(make)
        cases["nested_%s_in_one_row" % name] = seq(make(1))
        cases["nested_%s_in_a_tuple" % name] = tup(make(1), make(2))
    cases["nested_alone"] = tup(uneven(2), u8(3))
    cases["nested_in_data"] = seq(*[tup(u8(i), record(a=tup(u16(i), ["f64", "00" * 8]))) for i in range(60)])
    cases["nested_fixed_511"] = seq(*[tup(u8(i), tup(u16(i), ["u32", str(i)])) for i in range(73)])
    cases["nested_fixed_512"] = seq(*[tup(u8(i), tup(u8(i), u16(i), ["u32", str(i)])) for i in range(64)])
    cases["nested_one_row_511"] = seq(tup(tuples([255], "u8", [0]), tuples([256], "u8", [0])))
    cases["nested_one_row_512"] = seq(tup(tuples([256], "u8", [0]), record(a=tuples([256], "u8", [0]))))


def optional_cases(cases):
    """Optional columns that stand deep, and gaps that the join makes nodes of."""
    values = [some(u8(7)), NIL, u8(9)]
    cases["nested_optional_in_tuple_in_tuple"] = seq(*[tup(tup(value, text("t")), u8(1)) for value in values])
    cases["nested_optional_in_map_in_tuple"] = seq(*[tup(record(a=value), value) for value in values])
    cases["nested_optional_in_tuple_in_map"] = seq(*[record(p=tup(value, value)) for value in values])
    cases["nested_optional_array_of_arrays"] = seq(
        tup(tup(u8(1), u8(2)), tup(u8(3), u8(4))), tup(tup(NIL, u8(2)), tup(u8(3), u8(4))))
    cases["nested_optional_bool_and_f64"] = seq(*[
        record(a=tup(["bool", True] if i else NIL, NIL if i else ["f64", "00" * 7 + "80"])) for i in range(2)])
    cases["nested_nil_column_in_tuple"] = two(lambda i: record(p=tup(NIL, u8(i))))
    cases["nested_nils_in_tuple"] = two(lambda i: record(p=tup(NIL, NIL)))
    cases["nested_tuple_or_nil"] = seq(record(p=uneven(2)), record(p=NIL))
    cases["nested_map_or_nil_in_tuple"] = seq(tup(record(a=u8(1)), u8(1)), tup(NIL, u8(2)))
    cases["nested_even_or_not"] = seq(tup(tuples([2], "u8", [0]), u8(1)), tup(uneven(2), u8(1)))
    cases["nested_dims_differ"] = seq(record(p=tuples([2], "u8", [0])), record(p=tuples([3], "u8", [0])))
    cases["nested_nil_makes_an_array_of_arrays_uneven"] = seq(
        record(p=tuples([2, 2], "f32", [0])), record(p=tup(tuples([2], "f32", [0]), tup(NIL, NIL))))
    cases["nested_one_none_of_two_arrays"] = seq(some(tuples([2], "f32", [0])), NIL)
    cases["nested_option_of_structs"] = seq(record(a=u8(1)), NIL)


JOINS = {
    "optional_in_tuples": [tup(tup(u8(1), u8(2))), tup(tup(NIL, u8(3))), tup(tup(u8(4), NIL))],
    "uneven": [record(p=uneven(2)), record(p=tuples([2], "u8", [0])), record(p=tup(NIL, NIL))],
    "lengths": [record(p=uneven(2)), record(p=uneven(3)), record(p=uneven(2, 4))],
    "map_in_tuple": [tup(record(a=u8(1)), NIL), tup(record(a=NIL), u8(1)), tup(record(a=u16(1)), NIL)],
    "names_in_tuple": [tup(record(a=u8(1)), u8(1)), tup(record(b=u8(1)), u8(2)), tup(record(a=NIL), u8(3))],
    "over_16": [record(p=tuples([17], "u8", [0])), record(p=tuples([17], "u8", [9])), record(p=tuples([17], "u16", [0]))],
    "over_16_with_nil": [record(p=tuples([17], "u8", [0])), record(p=tup(*[NIL] * 17)), record(p=tup(*[u8(1)] * 16, NIL))],
    "16_with_nil": [record(p=tuples([16], "u8", [0])), record(p=tup(*[NIL] * 16)), record(p=tup(*[u8(1)] * 15, NIL))],
    "over_16_inside": [tup(tuples([2, 17], "u8", [0])), tup(tup(tuples([17], "u8", [0]), tuples([17], "u16", [0]))),
                       tup(tup(tuples([17], "u8", [0]), NIL))],
}


def join_cases(cases):
    """Three rows in two orders: test_forms.py takes them in every one."""
    for name, rows in JOINS.items():
        cases["nested_join_" + name] = seq(*rows)
        cases["nested_join_%s_turned" % name] = seq(*rows[1:], rows[0])


# -- tuples of over 16 -----------------------------------------------------------

def over_16_cases(cases):
    """Tuples of 16 and 17, even and not."""
    for count in (16, 17):
        kinds = {
            "even": lambda i: tup(*[u8(n + i) for n in range(count)]),
            "uneven": lambda i: uneven(count, i),
            "one_nil": lambda i: tup(*[u8(n) for n in range(count - 1)], NIL),
            "pairs": lambda i: tuples([count, 2], "u8", [i]),
            "uneven_pairs": lambda i: tup(*[uneven(2, n + i) for n in range(count)]),
            "equal_maps": lambda i: tup(*[record(a=u8(n + i)) for n in range(count)]),
            "texts": lambda i: tup(*[text("t")] * count),
        }
        for name, make in kinds.items():
            cases["over_16_%d_%s" % (count, name)] = two(make)
            cases["over_16_%d_%s_in_a_tuple" % (count, name)] = two(lambda i: tup(u8(i), make(i)))
            cases["over_16_%d_%s_in_a_map" % (count, name)] = two(lambda i: record(p=make(i), n=["u64", "1"]))
    cases["over_16_pairs_of_17"] = two(lambda i: tuples([2, 17], "u8", [i]))
    cases["over_16_pairs_of_17_uneven"] = two(lambda i: tup(uneven(17), uneven(17)))
    cases["over_16_sub_one_row"] = seq(tuples([17], "u8", [0]))
    cases["over_16_gap_in_one_of_two_rows"] = seq(tuples([17], "u8", [0]), tup(*[u8(1)] * 16, NIL))
    cases["over_16_list_given_as_a_tuple"] = tup(*[record(a=u8(n)) for n in range(17)])
    cases["over_16_of_tuples_given_as_a_tuple"] = tup(*[uneven(2, n) for n in range(17)])


# -- limits --------------------------------------------------------------------

def container_cases(cases):
    """7 to 9 tuples and maps inside each other; a wide column keeps them in the formula."""
    for levels in (7, 8, 9):
        cores = {"leaf": lambda i: ["u64", str(i)], "tuple": lambda i: uneven(2, i), "even": lambda i: tuples([2], "u16", [i]),
                 "map": lambda i: record(x=u8(i), y=u16(i)), "node": lambda i: text("n%d" % i), "nil": lambda i: NIL}
        for name, core in cores.items():
            cases["containers_%d_and_%s" % (levels, name)] = two(
                lambda i: tup(tuples([8], "u64", [i]), wrap(levels - 1, core(i))))
        cases["containers_%d_tuples" % levels] = two(lambda i: wrap_tuples(levels - 1, uneven(2, 99 * i)))
        cases["containers_%d_even" % levels] = two(lambda i: tuples([1, 2] * (levels // 2) + [2] * (levels % 2), "f64", [i]))
    cases["containers_8_even_inside_at_the_end"] = two(lambda i: record(
        w=tuples([8], "u64", [i]), m=wrap(5, tuples([2, 3], "u8", [i]))))
    cases["containers_9_even_inside_at_the_end"] = two(lambda i: record(
        w=tuples([8], "u64", [i]), m=wrap(6, tuples([2, 3], "u8", [i]))))
    cases["containers_8_around_equal_maps"] = two(lambda i: tup(
        tuples([8], "u64", [i]), wrap(7, tup(record(a=u8(i)), record(a=u8(i + 1))))))
    for count in (1023, 1024):
        cases["containers_7_around_a_map_of_%d" % count] = seq(tup(
            tuples([8], "u64", [0]), wrap(6, columns(count, lambda n: u8(n % 100)))))
    for count in (1024, 1025):
        cases["containers_8_around_a_map_of_%d" % count] = seq(tup(
            tuples([8], "u64", [0]), wrap(7, columns(count, lambda n: u8(n % 100)))))
        cases["containers_8_around_a_tuple_of_%d" % count] = seq(record(
            w=tuples([8], "u64", [0]), m=wrap(7, spread(count, lambda n: scalar(ALTERNATE[n % 2], n + 1)))))


def gaps(groups, places):
    """Groups of 16 arrays of 16 u8 each, those at the places with a none."""
    full = tup(*[u8(1)] * 16)
    gap = tup(NIL, *[u8(1)] * 15)
    return tup(*[tup(*[gap if place in places else full for place in range(16)])] * groups)


def leaf_cases(cases):
    """The limit of leaves from both sides, in one container and in several."""
    for count in (65, 256, 1024, 1025):
        cases["leaves_%d_in_a_map" % count] = seq(columns(count, lambda n: u8(n % 100)))
        cases["leaves_%d_in_tuples" % count] = seq(spread(count, lambda n: scalar(ALTERNATE[n % 2], n + 1)))
    for count in (1024, 1025):
        cases["leaves_%d_nodes_in_a_map" % count] = seq(columns(count, lambda n: NIL))
        cases["leaves_%d_nodes_in_tuples" % count] = seq(spread(count, lambda n: text("")))
        cases["leaves_%d_beside_an_even_tuple" % count] = seq(tup(
            tuples([1030], "u8", [0]), *spread(count - 1, lambda n: scalar(ALTERNATE[n % 2], n + 1))[1]))
    cases["leaves_1025_in_two_maps"] = seq(record(
        a=columns(512, lambda n: u8(1)), b=columns(513, lambda n: NIL, "g")))
    cases["leaves_1024_with_a_map_of_1025"] = seq(fields(
        ("m", columns(1025, lambda n: u8(1))), *columns(1023, lambda n: u8(2))[1]))
    cases["leaves_256_optional"] = seq(*[columns(256, lambda n: NIL if n % 2 == i else u8(1)) for i in range(2)])
    # An even tuple is one leaf: both rows have few, but what they have in common has 256 a group.
    for groups in (4, 5):
        cases["leaves_%d_of_the_join" % (groups * 256)] = seq(gaps(groups, range(8)), gaps(groups, range(8, 16)))


def formula_cases(cases):
    """The row formula from both sides, by names, tuples and node leaves."""
    for size in (16, 17):
        cases["formula_name_%d_in_a_tuple_u8" % size] = seq(tup(fields(("n" * size, u8(1)))))
        cases["formula_name_%d_in_a_tuple_node" % size] = seq(tup(fields(("n" * size, text("t")))))
    for size in (40, 41):
        cases["formula_name_%d_one_row" % size] = seq(fields(("n" * size, u8(1))))
    for size in (104, 105):
        cases["formula_name_%d_u16" % size] = seq(fields(("n" * size, u16(1))))
    for size in (255, 256):
        cases["formula_name_%d_in_a_tuple" % size] = seq(tup(fields(("n" * size, u8(1))), ["u64", "1"]))
    for levels in (2, 3):
        cases["formula_tuples_%d_around_a_node" % levels] = seq(wrap_tuples(levels, text("t")))
    for levels in (5, 6):
        cases["formula_tuples_%d_around_an_optional_bool" % levels] = seq(
            wrap_tuples(levels, ["bool", True]), wrap_tuples(levels, NIL))
    # 24 x 8 = 64 x 3; 24 x 5 < 64 x 2 < 24 x 6.
    for kind, rank in (("u16", 7), ("u8", 4), ("u8", 5)):
        cases["formula_tuple_around_%d_dims_of_1_%s" % (rank, kind)] = seq(tup(tuples([1] * rank, kind, [0]), u8(1)))
    cases["formula_tuples_2_around_6_dims_of_1_u16"] = seq(tup(tup(tuples([1] * 6, "u16", [0]), u8(1))))
    cases["formula_sub_alone_outside_in_a_wide_row"] = two(lambda i: record(a=["u64", str(i)], p=tuples([1] * 6, "u8", [i])))
    # 24 x 17 and names of 616 bytes: 64 x 16.
    for name, short in (("equal", 8), ("one_over", 7)):
        cases["formula_%s_of_maps_in_a_tuple" % name] = seq(tup(*[
            fields(("n" * (38 if n < short else 39), u8(n))) for n in range(16)]))


# -- depth, and sorted maps ----------------------------------------------------

def depth_cases(cases):
    """Depth exactly 128 around schemas that nest."""
    cases["depth_nested_tuple"] = nest(125, two(lambda i: tup(uneven(2, i), u8(i))))
    cases["depth_nested_map_in_tuple"] = nest(125, two(lambda i: tup(record(x=u8(i)), u8(i))))
    cases["depth_nested_containers_8"] = nest(119, two(lambda i: wrap(8, ["u64", str(i)])))
    cases["depth_nested_sub"] = nest(124, two(lambda i: tup(record(x=tuples([2], "u8", [i])), u8(i))))
    cases["depth_nested_node"] = nest(123, two(lambda i: tup(tup(seq(text("a"), seq()), u8(i)), u8(i))))
    value = tup(u8(1), text("x"))
    for _ in range(126):
        value = tup(value, u8(1))
    cases["depth_tuples"] = tup(value)
    value = record(a=u8(1))
    for _ in range(126):
        value = record(b=value, c=["u32", "1"])
    cases["depth_structs"] = seq(value)


def sorted_cases():
    """Name -> events that are written with the option of 7.4: the sorted map counts."""
    def pair(order):
        return ["map", [[text(name), u8(ord(name))] for name in order]]

    return {
        "sorted_maps_in_tuples": seq(tup(pair("ab"), u8(1)), tup(pair("ba"), NIL)),
        "sorted_maps_in_tuples_in_maps": seq(record(z=tup(pair("ab"), pair("ba"))), record(z=tup(pair("ba"), pair("ab")))),
        "sorted_tuple_of_maps": tup(pair("ba"), pair("ab"), pair("ba")),
        "sorted_wide_map": seq(["map", [[text("f%d" % n), u8(1)] for n in range(256)]]),
    }


def nested_table_cases(cases):
    """All of them."""
    for add in (nested_cases, optional_cases, join_cases, over_16_cases, container_cases, leaf_cases, formula_cases,
                depth_cases):
        add(cases)


# -- what a free writer may write --------------------------------------------------

def accepted_nested_cases():
    """Name -> dumps: rows without rows, and schemas that no fixed writer chooses, or that no value in memory fills."""
    u8s, optional, leaf = ["scalar", "u8"], ["optional", "u16"], ["node"]
    pair = ["tuple", [u8s, ["scalar", "u16"]]]
    text_x = ["str", "x"]

    def of(**parts):
        return ["map", [list(part) for part in parts.items()]]

    def sub(*dims):
        return ["subarray", "u8", list(dims)]

    schemas = {
        "map": of(a=u8s), "tuple": pair, "tuple_of_a_node": ["tuple", [leaf]], "tuple_of_nodes": ["tuple", [leaf, leaf]],
        "map_of_nodes": of(a=leaf, b=leaf), "optional": of(a=optional, b=["optional", "bool"]),
        "subarray": of(p=["subarray", "f32", [2, 3]], q=u8s), "map_in_map": of(a=of(b=u8s, c=leaf)),
        "map_in_tuple": ["tuple", [of(a=u8s), of(a=u8s)]], "tuple_in_map": of(p=pair, q=["tuple", [optional]]),
        "tuple_in_tuple": ["tuple", [pair, pair]], "columns": of(**{
            kind: ["scalar", kind] for kind in "bool u8 u16 u32 u64 i8 i16 i32 i64 f32 f64".split()}),
        "maps_8": nested_schema(8, ["scalar", "u64"]), "leaves_1024": ["map", [["f%d" % n, u8s] for n in range(1024)]],
        "leaves_1024_nodes": ["tuple", [leaf] * 1024], "width_limit": of(a=sub(2**31 - 1)),
        "width_limit_in_two": ["tuple", [sub(2**31 - 2), u8s]],
        "width_limit_of_u64": of(a=["subarray", "u64", [2**14, 2**14 - 1]]),
        "formula_equal": ["map", [["n" * 40, u8s]]], "tuple_of_17": ["tuple", [u8s, ["scalar", "i8"]] * 8 + [u8s]],
    }
    empty = {name: ["rows", schema, 0, "", []] for name, schema in schemas.items()}
    cases = {"accepted_empty_" + name: dump for name, dump in empty.items()}
    seventeen = ["tuple", [u8s, optional] * 8 + [u8s]]
    one_of_17 = (b"\x01" + (b"\x01\x02\0" + b"\x05") * 8).hex()
    none_of_17 = (b"\x01" + (b"\0\0\0" + b"\x05") * 8).hex()
    uneven_rows = ["rows", pair, 1, "010200", []]
    one_map = ["map", [[["str", "a"], ["int", "1"]]]]
    cases.update({
        "accepted_empty_in_a_list": ["list", [empty["map"], empty["tuple"], ["list", []]]],
        "accepted_empty_in_a_map": ["map", [[["str", "t"], empty["columns"]], [["str", "u"], ["int", "1"]]]],
        "accepted_empty_as_a_key": ["map", [[empty["map"], empty["map"]]]],
        "accepted_empty_in_rows": ["rows", of(t=leaf, n=u8s), 2, "0102", [empty["map"], empty["tuple_of_nodes"]]],
        "accepted_empty_between_payloads": ["list", [
            ["array", "u8", [1], "C", "01"], empty["width_limit"], ["array", "u8", [1], "C", "02"]]],
        "accepted_empty_127_deep": deep(126, empty["map"]),
        "accepted_empty_at_full_depth": deep(119, empty["maps_8"]),
        "accepted_over_16_uneven": ["rows", seventeen, 2, one_of_17 + none_of_17, []],
        "accepted_over_16_nodes": ["rows", ["tuple", [leaf] * 17], 1, "", [text_x] * 17],
        "accepted_over_16_maps": ["rows", ["tuple", [of(a=u8s)] * 17], 1, "07" * 17, []],
        "accepted_tuple_1024_nodes": ["rows", ["tuple", [leaf] * 1024], 1, "", [["int", str(n % 100)] for n in range(1024)]],
        "accepted_nested_node_of_tuples": ["rows", ["tuple", [leaf, u8s]], 2, "0102", [uneven_rows, ["list", [["int", "1"]] * 2]]],
        "accepted_nested_node_of_maps": ["rows", ["tuple", [leaf, leaf]], 1, "", [one_map, one_map]],
        "accepted_nested_optional_without_gaps": ["rows", ["tuple", [["tuple", [optional]]]], 1, "010700", []],
        "accepted_nested_optional_all_absent": ["rows", of(p=["tuple", [optional, optional]]), 1, "00" * 6, []],
        "accepted_nested_sub_of_one": ["rows", ["tuple", [["tuple", [sub(1), u8s]]]], 1, "0102", []],
        "accepted_nested_list_of_like_tuples": ["list", [["list", [uneven_rows, ["int", "1"]]]] * 2],
        "accepted_containers_8_mixed": ["rows", mixed_schema(8), 1, raw(8) + struct.pack("<d", 1).hex(), []],
    })
    return cases


def deep(levels, dump):
    """Lists of one element around a dump."""
    for _ in range(levels):
        dump = ["list", [dump]]
    return dump


def mixed_schema(levels):
    """Maps and tuples in turn around two leaves."""
    schema = ["tuple", [["scalar", "u64"], ["scalar", "f64"]]]
    for level in range(levels - 1):
        schema = ["tuple", [schema]] if level % 2 else ["map", [["m", schema]]]
    return schema
