"""Events by chance: of random patterns (`Chance`), and at the borders of the format (`Borders`), where those never come."""

import random

from ndwire_format import MAX_WIDTH, SIZES, product
from ndwire_forms import INT_TYPES, as_schema, node, shape_of
from ndwire_schema import name_bytes, node_leaves, presented, width

ROW_KINDS = "bool u8 u16 u32 u64 i8 i16 i32 i64 f32 f64".split()


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
        choice = self.random.randrange(13 if depth else 6)
        if choice == 12:
            return ["unlike", "tuple", [self.pattern(0) for _ in range(self.random.choice([15, 16, 17]))]]
        if choice < 4:
            return ["scalar", self.random.choice(ROW_KINDS[:3] if self.one_in(2) else ROW_KINDS), self.one_in(3)]
        if choice == 4:
            return ["nil"]
        if choice == 5:
            return ["other"]
        if choice < 8:
            given_as = self.random.choice(["tuple", "tuple", "tuple_struct", "seq"])
            return ["like", given_as, self.random.choice([1, 2, 3, 17]), self.pattern(depth - 1)]
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


class Borders:
    """Rows that stand at a limit: one below it, on it, or one above. Each border gives three or four rows that are alike."""

    def __init__(self, chance):
        self.chance = chance
        self.random = chance.random

    def rows(self):
        """The name of a border, and rows at it."""
        name = self.random.choice(sorted(self.BORDERS))
        while True:
            row = self.BORDERS[name](self)
            if row is not None:
                return name, [self.varied(row) for _ in range(self.random.choice([3, 4]))]

    def varied(self, event):
        """The same row with other values; rarely one of them is nil, of another type or a text."""
        if event[0] in INT_TYPES or event[0] in ("f32", "f64", "bool", "nil"):
            choice = self.random.randrange(3000)
            if choice < 4:
                return [["nil"], ["str", "x"], ["u64", "1"], ["some", ["nil"]]][choice]
            return event if event[0] == "nil" else self.chance.scalar(event[0])
        if event[0] in ("tuple", "tuple_struct", "seq"):
            return [event[0], [self.varied(item) for item in event[1]]]
        if event[0] in ("struct", "map"):
            return [event[0], [[name, self.varied(value)] for name, value in event[1]]]
        return event

    def leaf(self):
        """One leaf."""
        choice = self.random.randrange(12)
        if choice < 7:
            return self.chance.scalar(self.random.choice(["u8", "u16", "f32"]))
        if choice == 7:
            return ["tuple", [["u8", "1"]] * self.random.choice([1, 2, 17])]
        return [["nil"], ["str", "s"], ["seq", [["u8", "1"]]], ["char", 97]][choice - 8]

    @staticmethod
    def struct(values, prefix="f"):
        """A struct of these values."""
        return ["struct", [["%s%d" % (prefix, number), value] for number, value in enumerate(values)]]

    def container(self, values):
        """A tuple or a struct of these values."""
        return self.struct(values) if len(values) > 16 or self.random.randrange(2) else ["tuple", values]

    def tree(self, count):
        """Tuples and structs with so many leaves in all."""
        if count == 1:
            return self.leaf()
        if count < 20 or self.random.randrange(5) == 0:
            return self.container([self.leaf() for _ in range(count)])
        parts = self.random.randrange(2, 17)
        cuts = sorted(self.random.sample(range(1, count), parts - 1))
        return self.container([self.tree(high - low) for low, high in zip([0] + cuts, cuts + [count])])

    def leaves(self):
        """1,022 to 1,026 leaves; what is below a tuple or struct of over 16 may be a node, so that there are fewer."""
        count = self.random.choice([1022, 1023, 1024, 1024, 1025, 1025, 1026])
        if self.random.randrange(2):
            return self.struct([self.leaf() for _ in range(count)])
        return self.tree(count)

    def rank(self):
        """Arrays of rank 6 to 9, alone or in others."""
        dims = [self.random.choice([1, 1, 2, 2, 2, 3]) for _ in range(self.random.choice([6, 7, 8, 9]))]
        if product(dims) > 600:
            return None
        event = self.chance.scalar(self.random.choice(["u8", "u32", "f64"]))
        for dim in reversed(dims):
            event = ["tuple", [event] * dim]
        return event if self.random.randrange(2) else self.around(self.random.choice([1, 2]), event)

    def around(self, levels, core):
        """`levels` tuples and structs around a core, with something beside it here and there."""
        for _ in range(levels):
            beside = [self.leaf() for _ in range(self.random.choice([0, 0, 1, 2]))]
            core = self.container([core] + beside if self.random.randrange(2) else beside + [core])
        return core

    def wide(self):
        """An array of so many bytes that the formula holds."""
        return ["tuple", [["u64", "1"]] * 20]

    def containers(self):
        """7 to 9 tuples and structs around a leaf, counting what the leaf may be."""
        core = self.leaf() if self.random.randrange(2) else self.container([self.leaf(), self.leaf()])
        return self.container([self.around(self.random.choice([5, 6, 7, 8]), core), self.wide()])

    def names(self):
        """Names at the limit of a name, and where few bytes can pay for them."""
        size = self.random.choice([1, 40, 41, 104, 105, 168, 255, 256])
        leaf = self.random.choice([["bool", True], ["u8", "1"], ["u16", "1"], ["nil"], ["str", "x"], self.wide()])
        event = ["struct", [["n" * size, leaf]] + [["m", self.wide()]] * self.random.randrange(2)]
        return event if self.random.randrange(3) else self.around(self.random.choice([1, 6, 7]), event)

    def formula(self):
        """A row in a struct whose name makes the two sides of the formula equal, or differ by one."""
        inner = self.container([self.leaf() for _ in range(self.random.randrange(1, 6))])
        schema = as_schema(shape_of(node(inner)))
        if schema[0] not in ("tuple", "map", "subarray"):
            return None
        slack = 64 * (width(schema) + node_leaves(schema)) - 24 * (presented(schema) + 1) - name_bytes(schema)
        size = slack + self.random.choice([-1, 0, 0, 1, 1])
        return ["struct", [["n" * size, inner]]] if 1 <= size <= 255 else None

    def tuples(self):
        """Tuples of 15 to 17: even, with one that is not, of pairs, of structs."""
        count = self.random.choice([15, 16, 17])
        item = self.random.choice([["u8", "1"], ["tuple", [["u8", "1"]] * 2], ["tuple", [["u8", "1"], ["u16", "1"]]],
                                   ["struct", [["a", ["u8", "1"]]]], ["nil"], ["str", "t"]])
        items = [item] * count
        if self.random.randrange(3) == 0:
            items[self.random.randrange(count)] = self.leaf()
        event = [self.random.choice(["tuple", "tuple_struct"]), items]
        return event if self.random.randrange(2) else self.around(self.random.choice([1, 2]), event)

    BORDERS = {"leaves": leaves, "rank": rank, "containers": containers, "names": names, "formula": formula, "tuples": tuples}

    def wide_schema(self):
        """A schema of a row of 2,147,483,646 to 2,147,483,648 bytes, which only a header can hold, and its width."""
        goal = MAX_WIDTH + self.random.choice([-1, 0, 0, 1, 1])
        parts, left = [], goal
        for _ in range(self.random.randrange(3)):
            dtype = self.random.choice(ROW_KINDS)
            dims = [self.random.choice([1, 2, 3, 300]) for _ in range(self.random.randrange(1, 4))]
            parts.append(["subarray", dtype, dims])
            left -= SIZES[dtype] * product(dims)
        parts.append(["subarray", "u8", [left]] if left % 2 else ["subarray", "u16", [2, left // 4]] if left % 4 == 0 else
                     ["subarray", "i16", [left // 2]])
        self.random.shuffle(parts)
        named = ["map", [["f%d" % number, part] for number, part in enumerate(parts)]]
        return ["tuple", [named]] if self.random.randrange(2) else named, goal
