"""Structured arrays are lists of structs, and the other way round."""

import numpy as np
import pytest
from helpers import DTYPES, ROW_SCALARS, same

from ndwire import Error, describe, dumps, loads

ALL = [(name, DTYPES[name]) for name in ROW_SCALARS]


def filled(dtype, count):
    """Rows whose every byte says where it is; bools are bools."""
    rows = np.zeros(count, dtype)

    def fill(part, start):
        if part.dtype.names:
            for index, name in enumerate(part.dtype.names):
                fill(part[name], start + 17 * index)
        elif part.dtype.kind == "b":
            part[...] = np.arange(part.size).reshape(part.shape) % 2
        else:
            part[...] = (np.arange(part.size).reshape(part.shape) + start) % 100

    fill(rows, 1)
    return rows


def test_every_scalar_byte_for_byte():
    rows = filled(ALL, 3)
    value = dumps(rows)
    schema = "{" + ", ".join(f"{name}: {name}" for name in ROW_SCALARS) + "}"
    assert describe(value) == f"rows {schema} [3]\n"
    assert value.endswith(rows.tobytes())
    # As the same rows written one by one.
    one_by_one = [{name: row[name] for name in ROW_SCALARS} for row in rows]
    assert dumps(one_by_one) == value
    assert same(loads(value), rows)
    assert loads(value, lists="list") == [{name: row[name].item() for name in ROW_SCALARS} for row in rows]


def test_large_tables_are_views():
    rows = filled([("ts", "<i8"), ("x", "<f4"), ("ok", "?"), ("bbox", "<u2", (2, 2))], 1000)
    value = dumps(rows)
    read = loads(value)
    assert read.base is value and np.shares_memory(read, np.frombuffer(value, "u1"))
    assert same(read, rows) and not read.flags.writeable
    start = int(describe(value).rpartition("bytes ")[2].partition("..")[0])
    assert start % 16 == 0 and value[start:] == rows.tobytes()
    assert loads(value, copy=True).flags.writeable


@pytest.mark.parametrize("count", [1, 2, 50])
def test_padding_gaps_and_byte_orders_are_normalised(count):
    fields = [("a", "u1"), ("b", "<i8"), ("c", "?"), ("d", "<f4", (2, 3)), ("e", [("f", "<u2"), ("g", "<f8")])]
    plain = filled(fields, count)
    expected = dumps(plain)
    assert describe(expected).startswith("rows {a: u8, b: i64, c: bool, d: f32 [2, 3], e: {f: u16, g: f64}} [")
    aligned = plain.astype(np.dtype(fields, align=True))
    assert aligned.dtype.itemsize > plain.dtype.itemsize
    swapped = plain.astype(plain.dtype.newbyteorder(">"))
    assert swapped.tobytes() != plain.tobytes()
    wide = np.zeros(3 * count, plain.dtype)
    wide[::3] = plain
    moved = np.dtype({"names": ["a", "b"], "formats": ["u1", "<i8"], "offsets": [20, 3], "itemsize": 40})
    out_of_order = np.zeros(count, moved)
    out_of_order["a"], out_of_order["b"] = plain["a"], plain["b"]
    for other in (aligned, swapped, wide[::3], plain[::-1][::-1], plain.view(np.recarray)):
        assert dumps(other) == expected
    assert dumps(out_of_order) == dumps(plain[["a", "b"]]) == dumps(filled(fields[:2], count))
    assert same(loads(expected), plain)


def test_bits_of_nans_in_rows():
    bits = np.array([(0x7F800001, 0x7FF0000000000001), (0xFFA00001, 0xFFF4000000000001)], [("a", "<u4"), ("b", "<u8")])
    floats = bits.view([("a", "<f4"), ("b", "<f8")])
    for rows in (floats, floats.astype([("a", ">f4"), ("b", ">f8")]), floats.astype(np.dtype(floats.dtype.descr, align=True))):
        assert loads(dumps(rows)).tobytes() == bits.tobytes()


def test_no_rows_and_one_row():
    rows = filled([("a", "u1"), ("b", "<f4", (2,))], 2)
    assert same(loads(dumps(rows[:0])), rows[:0]) and loads(dumps(rows[:0]), lists="list") == []
    assert describe(dumps(rows[:0])) == "rows {a: u8, b: f32 [2]} [0]\n"
    assert same(loads(dumps({"table": rows[:0]}))["table"], rows[:0])
    # An optional scalar has no column to keep.
    optional = np.zeros(0, np.dtype([("present", "?"), ("value", "<f4")], metadata={"ndwire": "optional"}))
    assert dumps(optional) == dumps([])
    assert loads(dumps(rows[:1]), lists="list") == [{"a": 1, "b": [18.0, 19.0]}]
    assert same(loads(dumps(rows[:1])), rows[:1])


def test_a_row_alone_is_a_map():
    row = filled([("a", "u1"), ("b", "<f4", (2,)), ("c", [("d", "<i2")])], 1)[0]
    for alone in (row, np.array(row), np.array(row).astype(np.dtype(row.dtype.descr, align=True))):
        value = dumps(alone)
        assert loads(value, lists="list") == {"a": 1, "b": [18.0, 19.0], "c": {"d": 35}}
        read = loads(value)
        assert read["a"] == 1 and same(read["b"], row["b"]) and read["c"] == {"d": 35}
    assert dumps({"a": np.uint8(1), "b": [np.float32(18), np.float32(19)], "c": {"d": 35}}) == value


def test_optional_fields_in_a_dtype_of_ones_own():
    optional = np.dtype([("present", "?"), ("value", "<f4")], metadata={"ndwire": "optional"})
    rows = np.zeros(3, [("id", "u1"), ("score", optional)])
    rows["id"] = [1, 2, 3]
    rows["score"]["present"] = [True, False, True]
    rows["score"]["value"] = [0.5, 7, 2.5]
    value = dumps(rows)
    assert describe(value) == "rows {id: u8, score: optional f32} [3]\n"
    expected = [{"id": np.uint8(1), "score": np.float32(0.5)}, {"id": np.uint8(2), "score": None}]
    assert dumps([*expected, {"id": np.uint8(3), "score": np.float32(2.5)}]) == value
    read = loads(value)
    assert read.dtype.fields["score"][0].metadata == {"ndwire": "optional"}
    assert read["score"]["value"].tolist() == [0.5, 0.0, 2.5] and dumps(read) == value
    assert dumps(rows.astype(np.dtype([("id", "u1"), ("score", optional)], align=True))) == value
    # Alone it is None, or the number.
    assert loads(dumps(rows[1])) == {"id": 2, "score": None}
    assert loads(dumps(rows["score"][0])) == 0.5 and loads(dumps(rows["score"][1])) is None


def test_tuples_inside_rows():
    inner = np.dtype([("f0", "u1"), ("f1", [("x", "<f4")])], metadata={"ndwire": "tuple"})
    dtype = np.dtype([("f0", inner), ("f1", "<u2")], metadata={"ndwire": "tuple"})
    for count in (0, 1, 3):
        rows = filled([("id", "u1"), ("p", dtype)], count)
        value = dumps(rows)
        assert describe(value) == f"rows {{id: u8, p: ((u8, {{x: f32}}), u16)}} [{count}]\n"
        read = loads(value)
        assert same(read, rows) and read.dtype["p"].metadata == read.dtype["p"]["f0"].metadata == {"ndwire": "tuple"}
        assert dumps(read) == value
        lists = loads(value, lists="list")
        one = [{"id": row["id"].item(), "p": [[row["p"]["f0"]["f0"].item(), {"x": row["p"]["f0"]["f1"]["x"].item()}], row["p"]["f1"].item()]} for row in rows]
        assert lists == one
    # As tuples of Python are written.
    one_by_one = [{"id": row["id"], "p": ((row["p"]["f0"]["f0"], {"x": row["p"]["f0"]["f1"]["x"]}), row["p"]["f1"])} for row in rows]
    assert dumps(one_by_one) == value
    # Without the mark it is a struct.
    plain = np.zeros(1, [("p", [("f0", "u1"), ("f1", "<u2")])])
    assert describe(dumps(plain)) == "rows {p: {f0: u8, f1: u16}} [1]\n"


def test_what_only_looks_like_optional_is_a_struct():
    plain = np.array([(True, 1.5), (False, 2.5)], [("present", "?"), ("value", "<f4")])
    assert describe(dumps(plain)) == "rows {present: bool, value: f32} [2]\n"
    other = np.array([(1, 1.5)], np.dtype([("here", "u1"), ("value", "<f4")], metadata={"ndwire": "optional"}))
    assert describe(dumps(other)) == "rows {here: u8, value: f32} [1]\n"


def test_limits_of_rows():
    for fields in ([(f"a{i}", "u1") for i in range(1024)], [("n" * 255, "<f8")], [("é", "<f8"), ("名", "u1")]):
        rows = filled(fields, 2)
        assert same(loads(dumps(rows)), rows)
    deep = np.dtype("<f8")
    for _ in range(8):
        deep = np.dtype([("a", deep)])
    rows = np.zeros(2, [(f"b{i}", "<f8") for i in range(8)] + [("c", deep["a"])])
    assert same(loads(dumps(rows)), rows)


def nested(dtype, times):
    for _ in range(times):
        dtype = np.dtype([("a", dtype)])
    return dtype


@pytest.mark.parametrize(
    ("dtype", "message"),
    [
        (nested("f8", 9), "row schema has more than 8 tuples and maps inside each other"),
        (nested("?", 3), "a row is presented as too many maps, lists and names for its bytes"),
        ([("n" * 41, "?")], "a row is presented as too many maps, lists and names for its bytes"),
        ([("n" * 256, "<f8")], "row schema has a name of 256 bytes, expected 1 to 255"),
        ([("a", "f8", (1,) * 8)], "subarray has rank-and-order 08, expected 1 to 7"),
        ([("a", "u1", (1, 1, 1))], "a row is presented as too many maps, lists and names for its bytes"),
        ([("a", "u1", (0,))], "subarray has a dim of 0"),
    ],
)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_no_row_can_be(dtype, message, count):
    with pytest.raises(Error) as error:
        dumps(np.zeros(count, dtype))
    way_out = "write each field as an array of its own, or the rows as a list of dicts"
    assert (str(error.value), error.value.kind) == (f"{message}: {way_out}", "unsupported")
