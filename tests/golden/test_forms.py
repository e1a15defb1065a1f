"""The writer's choice of form and the reader against each other, on random events: `test_forms.py [COUNT [SEED]]`.

* what a dump says is what the events say, read as plain data, and its bytes are read as that dump;
* every order of 3 to 5 random rows gives the same schema, and the join of shapes is commutative and associative;
* a byte of META changed: rejected, or the one spelling of another value (6.4).
"""

import itertools
import random
import sys

from ndwire_format import HEADER, RECURSION, SIZES, NdwireError, product
from ndwire_forms import INT_TYPES, choose, join, list_shape, node, shape_of
from ndwire_reader import load
from ndwire_schema import leaf_width, leaves
from ndwire_writer import dump_bytes, frame

ROW_KINDS = "bool u8 u16 u32 u64 i8 i16 i32 i64 f32 f64".split()


# -- random events ---------------------------------------------------------------

class Chance:
    """Events by chance; rows are made from a pattern, so that many are alike."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_in(self, count):
        """Whether something that happens once in so many times happens."""
        return self.random.randrange(count) == 0

    def scalar(self, kind):
        """A scalar of one type."""
        if kind == "bool":
            return ["bool", self.one_in(2)]
        if kind in ("f32", "f64"):
            return [kind, self.random.randbytes(SIZES[kind]).hex()]
        bits = self.random.randrange(INT_TYPES[kind] + 1)
        value = self.random.getrandbits(bits) if bits else 0
        top = 2**(INT_TYPES[kind] - 1)
        return [kind, str(value if kind[0] == "u" else (value + top) % (2 * top) - top)]

    def other(self, depth):
        """Something that is no scalar of a row."""
        choice = self.random.randrange(8 if depth else 6)
        if choice == 0:
            return ["str", "x" * self.random.choice([0, 1, 31, 32, 511, 512])]
        if choice == 1:
            return ["bytes", self.random.randbytes(self.random.choice([0, 3, 511, 512])).hex()]
        if choice == 2:
            return ["char", self.random.choice([65, 0x10FFFF])]
        if choice == 3:
            return self.scalar(self.random.choice(["u128", "i128"]))
        if choice == 4:
            dims = [self.random.randrange(4) for _ in range(self.random.randrange(3))]
            return ["array", "u16", dims, "C", self.random.randbytes(2 * product(dims)).hex()]
        if choice == 5:
            return ["some", ["some", ["nil"]]] if self.one_in(2) else ["some", ["nil"]]
        if choice == 6:
            return ["map", [[self.events(depth - 1), self.events(depth - 1)] for _ in range(self.random.randrange(3))]]
        return self.events(depth - 1)

    def pattern(self, depth):
        """What rows have in common: a kind of event, and what it holds."""
        choice = self.random.randrange(12 if depth else 6)
        if choice < 4:
            return ["scalar", self.random.choice(ROW_KINDS[:3] if self.one_in(2) else ROW_KINDS), self.one_in(3)]
        if choice == 4:
            return ["nil"]
        if choice == 5:
            return ["other"]
        if choice < 8:
            given_as = self.random.choice(["tuple", "tuple", "seq"])
            return ["like", given_as, self.random.randrange(1, 4), self.pattern(depth - 1)]
        if choice == 8:
            return ["unlike", "tuple", [self.pattern(depth - 1) for _ in range(self.random.randrange(4))]]
        if choice == 9 and self.one_in(2):
            return ["variant", self.pattern(depth - 1)]
        kind = self.random.choice(["map", "struct"])
        long = self.random.choice([1, 1, 1, 60, 256])
        count = self.random.choice([0, 1, 2, 3, 4, 22])
        names = [chr(97 + index) * long for index in range(count)]
        return [kind, [[name, self.pattern(depth - 1)] for name in names]]

    def row(self, pattern, misfit):
        """Events of a pattern; once in `misfit` times something else."""
        if self.one_in(misfit):
            return self.random.choice([["nil"], self.other(0), self.scalar("u8"), self.scalar("u16"), ["seq", []]])
        if self.one_in(8):
            return [self.random.choice(["some", "newtype"]), self.row(pattern, misfit)]
        kind = pattern[0]
        if kind == "scalar":
            return ["nil"] if pattern[2] and self.one_in(3) else self.scalar(pattern[1])
        if kind == "like":
            return [pattern[1], [self.row(pattern[3], misfit) for _ in range(pattern[2])]]
        if kind == "unlike":
            return [pattern[1], [self.row(below, misfit) for below in pattern[2]]]
        if kind == "variant":
            return ["variant", "V", self.row(pattern[1], misfit)]
        if kind == "struct":
            return ["struct", [[name, self.row(below, misfit)] for name, below in pattern[1]]]
        if kind == "map":
            return ["map", [[["str", name], self.row(below, misfit)] for name, below in pattern[1]]]
        return ["nil"] if kind == "nil" else self.other(1)

    def rows(self, count, depth):
        """Rows of one pattern."""
        pattern, misfit = self.pattern(depth), self.random.choice([20, 100, 100, 10000])
        return [self.row(pattern, misfit) for _ in range(count)]

    def events(self, depth):
        """Anything, but mostly lists of rows."""
        if depth <= 0 or self.one_in(10):
            return self.scalar(self.random.choice(ROW_KINDS))
        if self.one_in(10):
            return self.other(depth - 1)
        kind = self.random.choice(["seq", "seq", "tuple"])
        count = self.random.choice([0, 1, 2, 2, 3, 5, 30])
        return [kind, self.rows(count, self.random.randrange(depth) + 1)]


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


def check_orders(chance, found):
    """Every order of 3 to 5 rows: the same schema, and the same rows."""
    rows = [node(row, False, True) for row in chance.rows(chance.random.randrange(3, 6), 3)]
    shape = list_shape(rows)
    for order in itertools.permutations(rows):
        assert list_shape(order) == shape, ("another order, another shape", [row.dump for row in order])
    one, two, three = (shape_of(row) for row in chance.random.choices(rows, k=3))
    assert join(one, two) == join(two, one)
    assert join(join(one, two), three) == join(one, join(two, three)), (one, two, three)
    found["orders"] += 1
    found["orders of tables"] += shape[0] in ("tuple", "map")


def main(count=2000, seed=1):
    """Check so many values and so many sets of rows."""
    sys.setrecursionlimit(RECURSION)
    chance = Chance(seed)
    found = {"values": 0, "with tables": 0, "orders": 0, "orders of tables": 0, "changed and accepted": 0}
    for _ in range(count):
        check_value(chance, found)
        check_orders(chance, found)
    floors = (("with tables", count // 8), ("orders of tables", count // 10), ("changed and accepted", count // 10))
    for name, floor in floors:
        if found[name] < floor:
            print("forms: only %d of %d: %s" % (found[name], count, name))
            return 1
    print("forms: " + ", ".join("%d %s" % (number, name) for name, number in sorted(found.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
