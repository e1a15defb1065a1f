"""The writer's choice of form and the reader against each other, on events by chance: `test_forms.py [COUNT [SEED]]`.

* what a dump says is what the events say, read as plain data, and its bytes are read as that dump;
* every order of 3 to 5 rows gives the same schema, and the join of shapes is commutative and associative;
* a byte of META changed: rejected, or the one spelling of another value (6.4).

Half of the rows are of random patterns, half at the borders of the format (chance.py).
"""

import functools
import itertools
import sys

from chance import Borders, Chance
from ndwire_format import HEADER, MAX_WIDTH, RECURSION, NdwireError
from ndwire_forms import INT_TYPES, as_schema, choose, join, node, shape_of
from ndwire_input import Input
from ndwire_reader import load
from ndwire_schema import containers_deep, leaf_width, leaves, read_schema, schema_bytes
from ndwire_writer import dump_bytes, frame


# -- plain data ------------------------------------------------------------------

def plain(event):
    """What typed events say, however it is written: a dump without rows."""
    kind = event[0]
    if kind in INT_TYPES:
        return ["int", event[1]]
    if kind in ("seq", "tuple", "tuple_struct"):
        return ["list", [plain(item) for item in event[1]]]
    if kind in ("map", "struct"):
        return ["map", [[["str", key] if kind == "struct" else plain(key), plain(value)] for key, value in event[1]]]
    if kind == "variant":
        return ["map", [[["str", event[1]], plain(event[2])]]]
    if kind == "newtype":
        return plain(event[1])
    if kind == "some":
        held = plain(event[1])
        return ["some", held] if held[0] in ("nil", "some") else held
    return event


def scalar_at(raw, dtype):
    """The node of the bytes of a row scalar."""
    if dtype == "bool":
        return ["bool", raw == b"\x01"]
    if dtype in ("f32", "f64"):
        return [dtype, raw.hex()]
    return ["int", str(int.from_bytes(raw, "little", signed=dtype[0] == "i"))]


def nested(raw, dtype, dims):
    """The bytes of a subarray as lists."""
    if not dims:
        return scalar_at(raw, dtype)
    step = len(raw) // dims[0]
    return ["list", [nested(raw[at:at + step], dtype, dims[1:]) for at in range(0, len(raw), step)]]


def unrow(schema, fixed, nodes):
    """One row as plain data; `fixed` and `nodes` yield what the leaves take."""
    if schema[0] == "node":
        return expand(next(nodes))
    if schema[0] == "tuple":
        return ["list", [unrow(below, fixed, nodes) for below in schema[1]]]
    if schema[0] == "map":
        return ["map", [[["str", name], unrow(below, fixed, nodes)] for name, below in schema[1]]]
    raw = next(fixed)
    if schema[0] == "optional":
        return scalar_at(raw[1:], schema[1]) if raw[0] else ["nil"]
    return nested(raw, schema[1], schema[2] if schema[0] == "subarray" else [])


def cut(raw, widths):
    """The bytes cut to these widths, again and again."""
    at = 0
    for size in itertools.cycle(widths):
        yield raw[at:at + size]
        at += size


def expand(dump):
    """A dump with its rows as lists."""
    if dump[0] == "list":
        return ["list", [expand(item) for item in dump[1]]]
    if dump[0] == "map":
        return ["map", [[expand(key), expand(value)] for key, value in dump[1]]]
    if dump[0] == "some":
        return ["some", expand(dump[1])]
    if dump[0] != "rows":
        return dump
    _, schema, count, text, nodes = dump
    fixed = cut(bytes.fromhex(text), [leaf_width(leaf) for leaf in leaves(schema) if leaf[0] != "node"])
    nodes = iter(nodes)
    return ["list", [unrow(schema, fixed, nodes) for _ in range(count)]]


def tables(dump):
    """The rows of tuples and maps in a dump."""
    if dump[0] == "list":
        return sum(map(tables, dump[1]))
    if dump[0] == "map":
        return sum(tables(node) for entry in dump[1] for node in entry)
    if dump[0] == "rows":
        return (dump[1][0] in ("tuple", "map")) + sum(map(tables, dump[4]))
    return 0


# -- the laws ----------------------------------------------------------------------

def check_value(chance, found):
    """A random value: written, read, and written again."""
    events = chance.events(4)
    dump = choose(events)
    data = dump_bytes(dump)
    assert load(data) == dump, ("read as another dump", events)
    assert expand(dump) == plain(events), ("says something else", events)
    found["values"] += 1
    found["with tables"] += tables(dump) > 0
    check_changed(chance, data, found)


def check_changed(chance, data, found):
    """A byte of META changed."""
    size = int.from_bytes(data[8:12], "little")
    meta = bytearray(data[HEADER:HEADER + size])
    meta[chance.random.randrange(size)] = chance.random.choice([chance.random.randrange(256), 0xC0, 0xD5, 0xD6, 0xD7, 0x10])
    head = frame(bytes(meta), [])
    changed = head + data[len(head):]
    try:
        dump = load(changed)
    except NdwireError as error:
        found[error.kind] = found.get(error.kind, 0) + 1
        return
    assert dump_bytes(dump) == changed, ("two spellings", changed.hex())
    found["changed and accepted"] += 1


def check_orders(chance, rows):
    """Every order of the rows has the same shape, whatever is joined first. Returns the shape."""
    shapes = [shape_of(node(row)) for row in rows]
    shape = functools.reduce(join, shapes)
    for order in itertools.permutations(shapes):
        assert functools.reduce(join, order) == shape, ("another order, another shape", rows)
    one, two, three = chance.random.choices(shapes, k=3)
    assert join(one, two) == join(two, one)
    assert join(join(one, two), three) == join(one, join(two, three)), (one, two, three)
    return shape


def reader_accepts(schema):
    """Whether the reader takes these bytes for a schema."""
    try:
        return read_schema(Input(frame(schema_bytes(schema), []))) == schema
    except NdwireError:
        return False


def check_random_rows(chance, found):
    """3 to 5 random rows."""
    shape = check_orders(chance, chance.rows(chance.random.randrange(3, 6), 3))
    found["orders"] += 1
    found["orders of tables"] += shape[0] in ("tuple", "map")


def check_borders(chance, found):
    """Rows at a border: the list is rows if, and only if, a reader accepts the schema."""
    name, rows = Borders(chance).rows()
    shape = check_orders(chance, rows)
    for events in (["seq", rows], ["seq", rows[:1]]):
        dump = choose(events)
        data = dump_bytes(dump)
        assert load(data) == dump, ("read as another dump", events)
        assert expand(dump) == plain(events), ("says something else", events)
        schema = as_schema(functools.reduce(join, [shape_of(node(row)) for row in events[1]]))
        assert (dump[0] == "rows") == reader_accepts(schema), ("the reader thinks otherwise of the schema", events)
    check_changed(chance, data, found)
    # What is too deep is a node, so these are always rows.
    form = "%d deep" % containers_deep(schema) if name == "containers" else "rows" if dump[0] == "rows" else "lists"
    key = "%s at the border, %s" % (name, form)
    found[key] = found.get(key, 0) + 1
    found["orders"] += 1
    found["orders of tables"] += shape[0] in ("tuple", "map")


def check_width(chance, found):
    """A row of about 2^31 bytes: without rows it is 2^31 - 1 at most, and one row of it is not there."""
    schema, size = Borders(chance).wide_schema()
    kind = None
    try:
        load(frame(b"\xd7" + schema_bytes(schema) + b"\0", []))
    except NdwireError as error:
        kind = error.kind
    assert kind == (None if size <= MAX_WIDTH else "malformed"), (kind, schema)
    try:
        load(frame(b"\xd7" + schema_bytes(schema) + b"\1", []))
    except NdwireError as error:
        assert error.kind == ("truncated" if size <= MAX_WIDTH else "malformed"), (error, schema)
        found["widths"] += 1


def main(count=800, seed=1):
    """Check so many values and so many sets of rows."""
    sys.setrecursionlimit(RECURSION)
    chance = Chance(seed)
    found = dict.fromkeys(["values", "with tables", "orders", "orders of tables", "changed and accepted", "widths"], 0)
    for number in range(count):
        check_value(chance, found)
        (check_borders if number % 2 else check_random_rows)(chance, found)
        check_width(chance, found)
    floors = {"with tables": count // 8, "orders of tables": count // 10, "changed and accepted": count // 10, "widths": count}
    for border in Borders.BORDERS:
        for form in ("7 deep", "8 deep") if border == "containers" else ("rows", "lists"):
            floors["%s at the border, %s" % (border, form)] = count // 200
    for name, floor in floors.items():
        if found.get(name, 0) < floor:
            print("forms: only %d of %d: %s" % (found.get(name, 0), count, name))
            return 1
    print("forms: " + ", ".join("%d %s" % (number, name) for name, number in sorted(found.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
