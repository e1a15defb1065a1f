"""Checks the reader and the writer against the tables of SPEC.md, 5.5, 5.6 and section 9, and of docs/vectors.md."""

import re
import struct
import sys
from pathlib import Path

from ndwire_format import HEADER, RECURSION, NdwireError, crc32c
from ndwire_forms import encode, join
from ndwire_reader import load
from ndwire_writer import dump_bytes, frame

CELL = re.compile(r"(?<!\\)\|")


def u8(*values):
    """A seq of u8."""
    return ["seq", [["u8", str(v)] for v in values]]


def one(value, kind="u8"):
    """An integer of one type."""
    return [kind, str(value)]


def tuples(*rows):
    """A seq of tuples."""
    return ["seq", [["tuple", list(row)] for row in rows]]


def structs(*rows):
    """A seq of structs, each given by its fields."""
    return ["seq", [["struct", [list(field) for field in row.items()]] for row in rows]]


def array(*items):
    """What serde gives for an array of fixed length, or a tuple."""
    return ["tuple", list(items)]


def bytes_of(*values):
    """An array of u8."""
    return array(*u8(*values)[1])


NONE = ["nil"]
F1, F2 = ["f32", "0000803f"], ["f32", "00000040"]
SOME1 = ["some", one(1)]
UNLIKE = array(one(1), one(2, "u16"))
LISTS = {
    "`[1.0f32, 2.0]`": ["seq", [F1, F2]],
    "`[7u8]`": u8(7),
    "`[Some(1u8), None]`": ["seq", [SOME1, NONE]],
    "`[None, Some(1u8)]`": ["seq", [NONE, SOME1]],
    "`[None, None]` of any type": ["seq", [NONE, NONE]],
    "`[Some(None), Some(Some(1u8))]`": ["seq", [["some", NONE], ["some", SOME1]]],
    "`[[1u8, 2, 3], [4, 5, 6]]`, arrays": array(bytes_of(1, 2, 3), bytes_of(4, 5, 6)),
    "`[[1u8, 2, 3], [4, 5, 6]]`, as vectors": ["seq", [u8(1, 2, 3), u8(4, 5, 6)]],
    "`[[1u8, 2], [3]]`, as vectors": ["seq", [u8(1, 2), u8(3)]],
    "`[[], [1u8]]`, as vectors": ["seq", [u8(), u8(1)]],
    "`(1u8, 2u8)`": bytes_of(1, 2),
    "`(1u8, 2u16)`": UNLIKE,
    "`[(1u8, 2u16), (3, 4)]`": tuples([one(1), one(2, "u16")], [one(3), one(4, "u16")]),
    "`[(1u8, 2u16)]`": tuples([one(1), one(2, "u16")]),
    "`[(1u8, Some(2u8)), (3, None)]`": tuples([one(1), ["some", one(2)]], [one(3), NONE]),
    "`[(1u8,), (None,)]`, options": tuples([SOME1], [NONE]),
    '`[(1u8, "x"), (3, "y")]`': tuples([one(1), ["str", "x"]], [one(3), ["str", "y"]]),
    "`[((1u8, 2u16), 3u8)]`": tuples([UNLIKE, one(3)]),
    "`[[Some(1u8), None], [Some(2), Some(3)]]`, arrays": array(
        array(SOME1, NONE), array(["some", one(2)], ["some", one(3)])),
    "`[{a: 1u8, b: 2u16}, {a: 3, b: 4}]`, structs": structs(
        {"a": one(1), "b": one(2, "u16")}, {"a": one(3), "b": one(4, "u16")}),
    "`[{a: 1u8, b: 2u16}]`": structs({"a": one(1), "b": one(2, "u16")}),
    '`[{a: 1u8, b: "x"}, {a: 2, b: "y"}]`': structs(
        {"a": one(1), "b": ["str", "x"]}, {"a": one(2), "b": ["str", "y"]}),
    "`[({a: 1u8}, {a: 2u8})]`": tuples(structs({"a": one(1)}, {"a": one(2)})[1]),
    "`({a: 1u8}, {a: 2u8})`": ["tuple", structs({"a": one(1)}, {"a": one(2)})[1]],
    "`[{p: [1u8, 2]}, {p: [3, 4]}]`, `p` an array": structs({"p": bytes_of(1, 2)}, {"p": bytes_of(3, 4)}),
    "`[{p: [1u8, 2]}, {p: [3, 4]}]`, `p` a vector": structs({"p": u8(1, 2)}, {"p": u8(3, 4)}),
    "`[{p: (1u8, 2u16)}]`": structs({"p": UNLIKE}),
    "`[{a: None}, {a: None}]`": structs({"a": NONE}, {"a": NONE}),
    "`[{a: 1u8}, {b: 2u8}]`": structs({"a": one(1)}, {"b": one(2)}),
    "`[[[[7u8]]]]`, arrays (24 x 3 is over 64 x 1)": array(array(array(bytes_of(7)))),
    '`["a", "b"]`': ["seq", [["str", "a"], ["str", "b"]]],
    "`[5u128, 6u128]`": ["seq", [one(5, "u128"), one(6, "u128")]],
    "`Some(Some(1u8))`": ["some", SOME1],
    "`[Some([1u8, 2]), Some([3, 4])]`, arrays": array(["some", bytes_of(1, 2)], ["some", bytes_of(3, 4)]),
}


FLOATS = array(F1, F2)
ROW = ["struct", [["a", one(1)], ["b", one(2)]]]
PLAIN = "a plain list"
#: The table of 5.6: elements of each case, and the META that its form has.
COMMON = {
    "a column in which all are none": (
        "a node leaf of nils, not an optional", structs({"a": NONE}, {"a": NONE}), "D7 B1 81 61 C0 02 C0 C0"),
    "one none among `[f32; 2]`": (PLAIN, ["seq", [FLOATS, NONE]], "A2 D7 32 02 00 00 80 3F 00 00 00 40 C0"),
    "`Option<Struct>`, one of them none": (PLAIN, ["seq", [ROW, NONE]], "A2 B2 81 61 01 81 62 02 C0"),
    "a field that is skipped if it has no value (`skip_serializing_if`)": (
        PLAIN + ", unless all have it or none has", structs({"a": one(1)}, {"a": one(3), "b": one(4)}),
        "A2 B1 81 61 01 B2 81 61 03 81 62 04"),
    "variants of an enum that are not all the same": (
        PLAIN, ["seq", [["variant", "A", one(1)], ["variant", "B", one(2)]]], "A2 B1 81 41 01 B1 81 42 02"),
    "maps whose keys are in another order (a `HashMap`)": (
        PLAIN, structs({"a": one(1), "b": one(2)}, {"b": one(4), "a": one(3)}),
        "A2 B2 81 61 01 81 62 02 B2 81 62 04 81 61 03"),
    "no element": ("`A0`, without dtype or columns", u8(), "A0"),
}


#: The shapes of the table of joins for d = u8, and some of those that are anything else for u8.
SHAPES = {"nil": ["nil"], "scalar d": ["scalar", "u8"], "optional d": ["optional", "u8"], "node": ["node"]}
OTHERS = [["node"], ["scalar", "u16"], ["optional", "i8"], ["tuple", [["scalar", "u8"]]], ["tuple", [["nil"], ["node"]]],
          ["tuple", [["scalar", "u8"]] * 17], ["map", [["a", ["scalar", "u8"]]]], ["map", [["a", ["nil"]]]]]


def unhex(cell):
    """The bytes of a cell of hex in backquotes; `61*256` stands for 256 times the byte 61."""
    return b"".join(bytes.fromhex(word[:2]) * int(word[3:] or 1) for word in cell.strip().strip("`").split())


def section(text, start, end):
    """The lines of the text between two headings."""
    return text.split("\n" + start, 1)[1].split("\n" + end, 1)[0].splitlines()


def table(lines, first_cell):
    """The rows of the table whose first heading is `first_cell`."""
    rows, on = [], False
    for line in lines:
        cells = [cell.strip() for cell in CELL.split(line)[1:-1]]
        if on and not cells:
            break
        if on and not cells[0].startswith("---"):
            rows.append(cells)
        on = on or (bool(cells) and cells[0] == first_cell)
    return rows


def show_float(kind, text):
    """A float as the SPEC writes it."""
    value = struct.unpack("<f" if kind == "f32" else "<d", bytes.fromhex(text))[0]
    return repr(value) + kind


def show_map(entries):
    """A map as the SPEC writes it."""
    return "{" + ", ".join(show(k) + ": " + show(v) for k, v in entries) + "}"


def show_schema(schema):
    """A schema as the SPEC writes it."""
    if schema[0] == "tuple":
        return "(" + ", ".join(map(show_schema, schema[1])) + ")"
    if schema[0] == "map":
        return "{" + ", ".join('"%s": %s' % (name, show_schema(below)) for name, below in schema[1]) + "}"
    if schema[0] == "subarray":
        return "%s %s" % (schema[1], schema[2])
    return {"node": "node", "scalar": schema[-1], "optional": "optional " + schema[-1]}[schema[0]]


def show_rows(dump):
    """Rows as the SPEC writes them."""
    return "rows %s n=%d" % (show_schema(dump[1]), dump[2])


def show_array(dump):
    """An array as the SPEC writes it."""
    return "array %s %s%s" % (dump[1], dump[2], " column-major" if dump[3] == "F" else "")


SHOW = {
    "nil": lambda d: "nil",
    "bool": lambda d: "true" if d[1] else "false",
    "int": lambda d: d[1],
    "f32": lambda d: show_float(*d),
    "f64": lambda d: show_float(*d),
    "char": lambda d: "'%s'" % chr(d[1]),
    "str": lambda d: '"%s"' % d[1],
    "bytes": lambda d: "bytes %d" % (len(d[1]) // 2),
    "list": lambda d: "[" + ", ".join(map(show, d[1])) + "]",
    "map": lambda d: show_map(d[1]),
    "some": lambda d: "some(%s)" % show(d[1]),
    "array": show_array,
    "rows": show_rows,
}


def show(dump):
    """The text of the column `reads as`."""
    return SHOW[dump[0]](dump)


def build(meta, data):
    """A value with a right header."""
    return frame(unhex(meta), [unhex(data)] if data else [])


def check_accepted(row):
    """One row of the accepted vectors."""
    meta, data, reads = row
    value = build(meta, data)
    dump = load(value)
    if dump_bytes(dump) != value:
        return "other bytes when written back"
    return None if show(dump) == reads.strip("`") else "reads as " + show(dump)


def check_rejected(row):
    """One row of the rejected vectors."""
    _rule, meta, data, _why, kind = row
    try:
        load(build(meta, data))
    except NdwireError as error:
        return None if error.kind == kind.strip("`") else "rejected as " + error.kind
    return "accepted"


def check_list(row):
    """One row of 5.5."""
    if row[0] not in LISTS:
        return "not in the hand-written table"
    meta = encode(LISTS[row[0]])[HEADER:]
    return None if meta == unhex(row[1]) else "META is " + meta.hex(" ")


def check_common(row):
    """One row of 5.6."""
    form, events, expected = COMMON.get(row[0], ("", u8(), ""))
    if form != row[1]:
        return "not in the hand-written table"
    meta = encode(events)[HEADER:]
    return None if meta == unhex(expected) else "META is " + meta.hex(" ")


def check_join(row):
    """One row of the table of joins, in both orders; its last column is every shape that the table has not."""
    for name, expected in zip(("nil", "scalar d", "optional d"), row[1:4]):
        for left, right in ((row[0], name), (name, row[0])):
            if join(SHAPES[left], SHAPES[right]) != SHAPES[expected]:
                return "%s and %s join to %s" % (left, right, join(SHAPES[left], SHAPES[right]))
    for other in OTHERS:
        if row[0] == "nil" and other[0] in ("scalar", "optional"):
            continue
        if not join(SHAPES[row[0]], other) == join(other, SHAPES[row[0]]) == SHAPES[row[4]]:
            return "%s and %s join to %s" % (row[0], other, join(SHAPES[row[0]], other))
    return None


def check_example(lines):
    """Section 9."""
    hexes = [m.group(0) for m in (re.match(r"(?:[0-9A-F]{2} ?)+(?= |$)", x) for x in lines) if m]
    value = bytes.fromhex("".join(hexes))
    floats = struct.pack("<6f", *range(6)).hex()
    pixels = ["array", "f32", [2, 3], "C", floats]
    events = ["map", [[["str", "id"], ["u8", "7"]], [["str", "pixels"], pixels]]]
    if encode(events) != value:
        return "written as " + encode(events).hex(" ")
    return None if dump_bytes(load(value)) == value else "other bytes when written back"


def attempt(check, row):
    """The check's complaint, also if the reader or writer raised."""
    try:
        return check(row)
    except NdwireError as error:
        return "raised " + str(error)


def main(path):
    """Check every row; 1 if one differs."""
    sys.setrecursionlimit(RECURSION)
    text = Path(path).read_text(encoding="utf-8")
    vectors = Path(path).with_name("docs").joinpath("vectors.md").read_text(encoding="utf-8").splitlines()
    work = [("accepted", check_accepted, row) for row in table(vectors, "META")]
    work += [("rejected", check_rejected, row) for row in table(vectors, "rule")]
    found = table(section(text, "### 5.5", "## 6."), "elements, as Rust")
    work += [("5.5", check_list, row) for row in found]
    common = table(section(text, "### 5.5", "## 6."), "elements of one type")
    work += [("5.6", check_common, row) for row in common]
    work += [("join", check_join, row) for row in table(section(text, "### 5.5", "## 6."), "")]
    bad = []
    for name, check, row in work:
        complaint = attempt(check, row)
        if complaint:
            bad.append("%s %s: %s" % (name, row, complaint))
    if sum(name == "join" for name, _, _ in work) != 3:
        bad.append("5.5: the table of joins has other rows")
    if {row[0] for row in found} != set(LISTS):
        bad.append("5.5: the hand-written table has other rows")
    if {row[0] for row in common} != set(COMMON):
        bad.append("5.6: the hand-written table has other rows")
    complaint = attempt(check_example, section(text, "## 9.", "## Appendix"))
    if complaint:
        bad.append("9: " + complaint)
    if crc32c(b"123456789") != 0xE3069283:
        bad.append("2.1: the checksum of 123456789")
    for line in bad:
        print(ascii(line))
    print("spec tables: %d rows agree" % (len(work) + 2 - len(bad)))
    counts = {name: sum(1 for w in work if w[0] == name) for name in ("accepted", "rejected", "5.5", "5.6", "join")}
    print("rows by section: %s, section 9, checksum" % counts)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
