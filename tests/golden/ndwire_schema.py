"""The schema of rows (5.2): its bytes, its arithmetic, and what it says of the fixed part.

A schema is one of ["scalar", dtype], ["optional", dtype], ["subarray", dtype, dims], ["node"], ["tuple", [schema, ...]] and
["map", [[name, schema], ...]].
"""

from ndwire_format import (CODES, DTYPES, MAX_CONTAINERS, MAX_LEAVES, MAX_NAME, MAX_SUB_RANK, MAX_WIDTH, ROW_SCALARS, SIZES,
                           THRESHOLD, NdwireError, product, sequences, uv_bytes)
from ndwire_input import utf8


# -- arithmetic --------------------------------------------------------------

def inner(schema):
    """The schemas of a tuple or map; of a leaf none."""
    if schema[0] == "tuple":
        return schema[1]
    return [below for _, below in schema[1]] if schema[0] == "map" else []


def leaves(schema):
    """The leaves from first to last."""
    if schema[0] in ("tuple", "map"):
        return [leaf for below in inner(schema) for leaf in leaves(below)]
    return [schema]


def leaf_width(leaf):
    """The bytes of a leaf in the fixed part."""
    if leaf[0] == "node":
        return 0
    size = SIZES[leaf[1]]
    if leaf[0] == "subarray":
        return size * product(leaf[2])
    return size + 1 if leaf[0] == "optional" else size


def width(schema):
    """w: the bytes of one row in the fixed part."""
    return sum(map(leaf_width, leaves(schema)))


def node_leaves(schema):
    """How many nodes a row has in the node part."""
    return sum(leaf[0] == "node" for leaf in leaves(schema))


def levels(schema):
    """What the deepest leaf counts (R7), the one of the rows not included."""
    if schema[0] == "subarray":
        return len(schema[2])
    return 1 + max(map(levels, inner(schema))) if inner(schema) else 0


def containers_deep(schema):
    """The tuples and maps inside each other."""
    return 1 + max(map(containers_deep, inner(schema))) if inner(schema) else 0


def presented(schema):
    """The sequences and maps that one row is presented as (5.3)."""
    if schema[0] == "subarray":
        return sequences(schema[2])
    return 1 + sum(map(presented, inner(schema))) if inner(schema) else 0


def name_bytes(schema):
    """The bytes of all names."""
    own = [len(name.encode("utf-8")) for name, _ in schema[1]] if schema[0] == "map" else []
    return sum(own) + sum(map(name_bytes, inner(schema)))


def is_one_subarray(schemas):
    """Whether a tuple of these schemas is a subarray: all one scalar, or all one subarray."""
    return schemas[0][0] in ("scalar", "subarray") and all(schema == schemas[0] for schema in schemas)


# -- rules of 5.2 and 5.3 ------------------------------------------------------

def check_width(size):
    """The bytes of one row, or of what stands in it."""
    if size > MAX_WIDTH:
        raise NdwireError("malformed", "a row of more than %d bytes" % MAX_WIDTH)


def check_leaf_count(count):
    """The leaves of a schema, or those found so far."""
    if count > MAX_LEAVES:
        raise NdwireError("malformed", "more than %d leaves" % MAX_LEAVES)


def check_containers(count):
    """The tuples and maps inside each other."""
    if count > MAX_CONTAINERS:
        raise NdwireError("malformed", "more than %d tuples and maps inside each other" % MAX_CONTAINERS)


def check_rank(rank):
    """The rank of a subarray."""
    if not 1 <= rank <= MAX_SUB_RANK:
        raise NdwireError("malformed", "a subarray has rank 1 to 7 and no order")


def check_dims(dims, dtype):
    """The dims of a subarray; the product is compared at each step."""
    size = SIZES[dtype]
    for dim in dims:
        if dim == 0:
            raise NdwireError("malformed", "a subarray dim of 0")
        size *= dim
        check_width(size)


def check_tuple(schemas):
    """The schemas of one tuple."""
    if is_one_subarray(schemas):
        raise NdwireError("not_canonical", "a tuple that is one subarray")


def check_name(name):
    """One name."""
    if not 1 <= len(name.encode("utf-8")) <= MAX_NAME:
        raise NdwireError("malformed", "a name has 1 to 255 bytes")


def check_names_differ(names):
    """The names of one map: sorted, the same ones are neighbours."""
    ordered = sorted(names)
    if any(left == right for left, right in zip(ordered, ordered[1:])):
        raise NdwireError("malformed", "a name twice")


def check_formula(schema):
    """5.3, of a schema as a whole."""
    if schema[0] in ("scalar", "optional"):
        return
    if 24 * presented(schema) + name_bytes(schema) > 64 * (width(schema) + node_leaves(schema)):
        raise NdwireError("malformed", "the row formula")


def check_part(schema):
    """The rules for each part of a schema."""
    if schema[0] in ("tuple", "map") and not schema[1]:
        raise NdwireError("malformed", "a tuple or map of no schema")
    if schema[0] == "subarray":
        check_rank(len(schema[2]))
        check_dims(schema[2], schema[1])
    if schema[0] == "tuple":
        check_tuple(schema[1])
    if schema[0] == "map":
        for name, _ in schema[1]:
            check_name(name)
        check_names_differ([name for name, _ in schema[1]])
    for below in inner(schema):
        check_part(below)


def check_schema(schema):
    """All rules, for a schema that was not read."""
    if schema[0] == "node":
        raise NdwireError("malformed", "a bare node schema")
    check_part(schema)
    check_leaf_count(len(leaves(schema)))
    check_containers(containers_deep(schema))
    check_width(width(schema))
    check_formula(schema)


# -- reading -----------------------------------------------------------------

def row_scalar(code):
    """The name of a row scalar's dtype."""
    name = DTYPES.get(code, ("", 0))[0]
    if name not in ROW_SCALARS:
        raise NdwireError("malformed", "%02X is no row scalar" % code)
    return name


class SchemaReader:
    """One pass over a schema: leaves and width are counted as it goes."""

    def __init__(self, source):
        self.source = source
        self.leaves = 0
        self.width = 0

    def part(self, outside):
        """A schema inside so many tuples and maps."""
        tag = self.source.byte()
        if 0xA0 <= tag <= 0xAF or tag == 0xD3:
            return self.tuple(tag, outside + 1)
        if 0xB0 <= tag <= 0xBF or tag == 0xD4:
            return self.map(tag, outside + 1)
        if tag == 0xC0 and outside:
            return self.leaf(["node"])
        if tag == 0xD5:
            return self.leaf(["optional", row_scalar(self.source.byte())])
        if tag == 0xD6:
            return self.leaf(self.subarray())
        return self.leaf(["scalar", row_scalar(tag)])

    def leaf(self, leaf):
        """A leaf is counted."""
        self.leaves += 1
        check_leaf_count(self.leaves)
        self.width += leaf_width(leaf)
        check_width(self.width)
        return leaf

    def subarray(self):
        """What follows D6."""
        dtype, rank = row_scalar(self.source.byte()), self.source.byte()
        check_rank(rank)
        dims = [self.source.uv() for _ in range(rank)]
        check_dims(dims, dtype)
        return ["subarray", dtype, dims]

    def count(self, tag, long, least):
        """The number of schemas of a tuple or map, each of at least so many bytes, which must be there."""
        count = self.source.between(16, 2**64) if tag == long else tag & 0x0F
        if count == 0:
            raise NdwireError("malformed", "a tuple or map of no schema")
        self.source.need(least * count)
        return count

    def tuple(self, tag, deep):
        """A tuple, the one numbered `deep` of those inside each other."""
        check_containers(deep)
        found = []
        for _ in range(self.count(tag, 0xD3, 1)):
            found.append(self.part(deep))
        check_tuple(found)
        return ["tuple", found]

    def map(self, tag, deep):
        """A map, likewise."""
        check_containers(deep)
        found = []
        for _ in range(self.count(tag, 0xD4, 3)):
            found.append([self.name(), self.part(deep)])
        check_names_differ([name for name, _ in found])
        return ["map", found]

    def name(self):
        """A str node that is a name."""
        tag = self.source.byte()
        if 0x80 <= tag <= 0x9F:
            size = tag & 0x1F
        elif tag == 0xD1:
            size = self.source.between(32, THRESHOLD - 1)
        else:
            raise NdwireError("malformed", "a name that is no str, or too long")
        name = utf8(self.source.take(size))
        check_name(name)
        return name


def read_schema(source):
    """The schema of rows."""
    schema = SchemaReader(source).part(0)
    check_formula(schema)
    return schema


# -- writing -----------------------------------------------------------------

def str_head(size):
    """The tag and length of a str of at most 511 bytes."""
    return bytes([0x80 + size]) if size < 32 else b"\xd1" + uv_bytes(size)


def opening(short, long, count):
    """The tag and count of a list or map, or of the schema of one."""
    return bytes([short + count]) if count < 16 else bytes([long]) + uv_bytes(count)


def name_part(name):
    """A name as a str node."""
    raw = name.encode("utf-8")
    return str_head(len(raw)) + raw


def schema_bytes(schema):
    """The bytes of a schema of rows or of one inside of it; `check_schema` is not asked."""
    if schema[0] == "node":
        return b"\xc0"
    if schema[0] == "tuple":
        return opening(0xA0, 0xD3, len(schema[1])) + b"".join(map(schema_bytes, schema[1]))
    if schema[0] == "map":
        entries = [name_part(name) + schema_bytes(below) for name, below in schema[1]]
        return opening(0xB0, 0xD4, len(entries)) + b"".join(entries)
    if schema[1] not in ROW_SCALARS:
        raise NdwireError("malformed", "no row scalar")
    code = bytes([CODES[schema[1]]])
    if schema[0] == "subarray":
        return b"\xd6" + code + bytes([len(schema[2])]) + b"".join(map(uv_bytes, schema[2]))
    return b"\xd5" + code if schema[0] == "optional" else code


# -- the fixed part ------------------------------------------------------------

def check_bools(raw):
    """4.2: every byte is 0 or 1."""
    if raw.translate(None, b"\x00\x01"):
        raise NdwireError("malformed", "a bool is 0 or 1")


def check_leaf(raw, leaf):
    """The bytes of one leaf in one row."""
    if leaf[0] == "optional":
        presence, raw = raw[0], raw[1:]
        if presence > 1:
            raise NdwireError("malformed", "presence is 0 or 1")
        if presence == 0 and any(raw):
            raise NdwireError("not_canonical", "an absent row is not zero")
    if leaf[1] == "bool":
        check_bools(raw)


def check_fixed(raw, schema, count):
    """The bytes of all rows; what is neither bool nor optional may be anything."""
    wanted, at, row = [], 0, width(schema)
    for leaf in leaves(schema):
        size = leaf_width(leaf)
        if leaf[0] == "optional" or leaf[1:2] == ["bool"]:
            wanted.append((at, at + size, leaf))
        at += size
    for number in range(count if wanted else 0):
        for low, high, leaf in wanted:
            check_leaf(raw[number * row + low:number * row + high], leaf)
