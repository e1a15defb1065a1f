"""The schema of rows (5.2): its bytes, its arithmetic, and what it says of the fixed part.

A schema is one of ["scalar", dtype], ["optional", dtype], ["subarray", dtype, dims], ["node"], ["tuple", [schema, ...]] and
["map", [[name, schema], ...]].
"""

from ndwire_format import (CODES, DTYPES, MAX_LEAVES, MAX_MAPS, MAX_NAME, MAX_PAYLOAD, MAX_SUB_RANK, ROW_SCALARS, SIZES,
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


def maps_deep(schema):
    """The maps inside each other."""
    return 1 + max(map(maps_deep, inner(schema))) if schema[0] == "map" else 0


def presented(schema):
    """The sequences and maps that one row is presented as (5.3)."""
    if schema[0] == "subarray":
        return sequences(schema[2])
    return 1 + sum(map(presented, inner(schema))) if inner(schema) else 0


def name_bytes(schema):
    """The bytes of all names."""
    own = [len(name.encode("utf-8")) for name, _ in schema[1]] if schema[0] == "map" else []
    return sum(own) + sum(map(name_bytes, inner(schema)))


def row_formula(schema):
    """5.3: of a schema as a whole, and of every subarray in it alone."""
    if schema[0] in ("scalar", "optional"):
        return True
    if inner(schema) and not all(row_formula(leaf) for leaf in leaves(schema)):
        return False
    return 24 * presented(schema) + name_bytes(schema) <= 64 * (width(schema) + node_leaves(schema))


def is_one_subarray(schemas):
    """Whether the rows of a tuple of these schemas are subarrays: all one scalar, or all one subarray."""
    return schemas[0][0] in ("scalar", "subarray") and all(schema == schemas[0] for schema in schemas)


# -- rules of 5.2 and 5.3 for a schema as a whole ------------------------------

def check_subarray(dims, dtype):
    """The dims of a subarray."""
    if not 1 <= len(dims) <= MAX_SUB_RANK:
        raise NdwireError("malformed", "a subarray has rank 1 to 7 and no order")
    if 0 in dims:
        raise NdwireError("malformed", "a subarray dim of 0")
    if product(dims) * SIZES[dtype] > MAX_PAYLOAD:
        raise NdwireError("too_large", "the product of the dims")


def check_names(names):
    """The names of one map."""
    for name in names:
        if not 1 <= len(name.encode("utf-8")) <= MAX_NAME:
            raise NdwireError("malformed", "a name has 1 to 255 bytes")
    if len(set(names)) < len(names):
        raise NdwireError("malformed", "a name twice")


def check_schema(schema):
    """What concerns all of a schema of rows."""
    if schema[0] == "node":
        raise NdwireError("malformed", "a bare node schema")
    if len(leaves(schema)) > MAX_LEAVES:
        raise NdwireError("malformed", "more than 64 leaves")
    if maps_deep(schema) > MAX_MAPS:
        raise NdwireError("malformed", "more than 8 maps inside each other")
    if schema[0] == "tuple" and is_one_subarray(schema[1]):
        raise NdwireError("not_canonical", "a tuple that is one subarray")
    if width(schema) > MAX_PAYLOAD:
        raise NdwireError("too_large", "the bytes of a row")
    if not row_formula(schema):
        raise NdwireError("malformed", "the row formula")


# -- reading -----------------------------------------------------------------

def row_scalar(code):
    """The name of a row scalar's dtype."""
    name = DTYPES.get(code, ("", 0))[0]
    if name not in ROW_SCALARS:
        raise NdwireError("malformed", "%02X is no row scalar" % code)
    return name


def read_subarray(source):
    """What follows D6."""
    dtype, rank = row_scalar(source.byte()), source.byte()
    # Before the dims are read: a rank over 7 announces nothing that is worth reading.
    check_subarray([1] * rank, dtype)
    dims = [source.uv() for _ in range(rank)]
    check_subarray(dims, dtype)
    return ["subarray", dtype, dims]


def entry_count(tag, source):
    """The number of schemas of a tuple or map."""
    count = source.between(16, 2**64) if tag in (0xD3, 0xD4) else tag & 0x0F
    if count == 0:
        raise NdwireError("malformed", "a tuple or map of no schema")
    if count > MAX_LEAVES:
        raise NdwireError("malformed", "more than 64 leaves")
    return count


def read_name(source):
    """A str node that is a name."""
    tag = source.byte()
    if 0x80 <= tag <= 0x9F:
        size = tag & 0x1F
    elif tag == 0xD1:
        size = source.between(32, THRESHOLD - 1)
    else:
        raise NdwireError("malformed", "a name that is no str, or too long")
    name = utf8(source.take(size))
    check_names([name])
    return name


def read_entry(source, maps):
    """A name and a schema."""
    return [read_name(source), read_part(source, ["map", "node"], maps)]


def read_part(source, allowed, maps=0):
    """A schema inside `maps` maps; `allowed` says which of tuple, map and node it may be."""
    tag = source.byte()
    if (0xA0 <= tag <= 0xAF or tag == 0xD3) and "tuple" in allowed:
        return ["tuple", [read_part(source, ["node"]) for _ in range(entry_count(tag, source))]]
    if (0xB0 <= tag <= 0xBF or tag == 0xD4) and "map" in allowed:
        if maps == MAX_MAPS:
            raise NdwireError("malformed", "more than 8 maps inside each other")
        entries = [read_entry(source, maps + 1) for _ in range(entry_count(tag, source))]
        check_names([name for name, _ in entries])
        return ["map", entries]
    if tag == 0xC0 and "node" in allowed:
        return ["node"]
    if tag == 0xD5:
        return ["optional", row_scalar(source.byte())]
    if tag == 0xD6:
        return read_subarray(source)
    return ["scalar", row_scalar(tag)]


def read_schema(source):
    """The schema of rows."""
    schema = read_part(source, ["tuple", "map"])
    check_schema(schema)
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
        check_names([name for name, _ in schema[1]])
        entries = [name_part(name) + schema_bytes(below) for name, below in schema[1]]
        return opening(0xB0, 0xD4, len(entries)) + b"".join(entries)
    if schema[1] not in ROW_SCALARS:
        raise NdwireError("malformed", "no row scalar")
    code = bytes([CODES[schema[1]]])
    if schema[0] == "subarray":
        check_subarray(schema[2], schema[1])
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
