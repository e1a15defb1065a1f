"""The choice of form of a fixed writer (5.5): from typed events, what serde was given, to a dump, which states every form.

Slow and plain on purpose: every list looks through its elements anew.

Typed events are ["nil"], ["bool", b], [integer type, decimal text], ["f32" or "f64", hex], ["char", code], ["str", text],
["bytes", hex], ["array", dtype, dims, "C" or "F", hex], ["some", event], ["newtype", event], ["seq", events],
["tuple", events], ["tuple_struct", events], ["map", [[event, event], ...]], ["struct", [[name, event], ...]] and
["variant", name, event]. What a variant holds is a tuple variant's content if it is a "tuple", a struct variant's if it is a
"struct", and otherwise a newtype variant's.
"""

import functools

from ndwire_format import MAX_CONTAINERS, MAX_LEAVES, MAX_NAME, MAX_TUPLE, SIZES, NdwireError, order_matters
from ndwire_schema import check_schema, is_one_subarray, width
from ndwire_writer import dump_bytes, fixed_bytes, key_bytes

INT_TYPES = {p + str(b): b for p in "ui" for b in (8, 16, 32, 64, 128)}
NODE = ["node"]
NIL = ["nil"]


class Chosen:
    """A node's dump, and what its shape follows from."""

    def __init__(self, dump, scalar=None, packed=b""):
        self.dump = dump
        #: The dtype of a scalar of at most 64 bits, and its bytes.
        self.scalar = scalar
        self.packed = packed
        #: The elements of a tuple.
        self.items = None
        #: The entries of a map: pairs of a key's dump and what it stands for.
        self.entries = None


# -- shapes --------------------------------------------------------------------
# A shape is ["node"], ["nil"], ["scalar", dtype], ["optional", dtype], ["tuple", [shape, ...]] or ["map", [[name, shape], ...]].

def is_even(shape):
    """Whether a shape is a tuple of one scalar only, or of one even tuple only."""
    if shape[0] != "tuple" or any(below != shape[1][0] for below in shape[1]):
        return False
    return shape[1][0][0] == "scalar" or is_even(shape[1][0])


def leaf_count(shape):
    """The leaves of a shape."""
    if shape[0] == "tuple" and not is_even(shape):
        return sum(map(leaf_count, shape[1]))
    return sum(leaf_count(below) for _, below in shape[1]) if shape[0] == "map" else 1


def tuple_shape(items, outside):
    """The shape of a tuple inside so many tuples and maps of its row, but for the limit of leaves."""
    shape = ["tuple", [shape_of(item, outside + 1) for item in items]]
    return shape if len(items) <= MAX_TUPLE or is_even(shape) else NODE


def map_shape(entries, outside):
    """The shape of a map, likewise."""
    names = [key[1] if key[0] == "str" else "" for key, _ in entries]
    if len(set(names)) < len(names) or not all(1 <= len(name.encode("utf-8")) <= MAX_NAME for name in names):
        return NODE
    return ["map", [[name, shape_of(value, outside + 1)] for name, (_, value) in zip(names, entries)]]


def shape_of(chosen, outside=0):
    """The shape of an element of a list, or of what stands in it inside so many tuples and maps."""
    if chosen.scalar:
        return ["scalar", chosen.scalar]
    if chosen.dump == NIL:
        return NIL
    if not (chosen.items or chosen.entries) or outside == MAX_CONTAINERS:
        return NODE
    shape = tuple_shape(chosen.items, outside) if chosen.items else map_shape(chosen.entries, outside)
    return shape if leaf_count(shape) <= MAX_LEAVES else NODE


# -- the join ------------------------------------------------------------------

def join(left, right):
    """The join of two shapes."""
    if left == right:
        return left
    kinds = {left[0], right[0]}
    if kinds <= {"nil", "scalar", "optional"}:
        dtypes = {shape[1] for shape in (left, right) if shape != NIL}
        return ["optional", dtypes.pop()] if len(dtypes) == 1 else NODE
    if kinds == {"tuple"} and len(left[1]) == len(right[1]) <= MAX_TUPLE:
        return ["tuple", list(map(join, left[1], right[1]))]
    if kinds == {"map"} and [name for name, _ in left[1]] == [name for name, _ in right[1]]:
        return ["map", [[name, join(a, b)] for (name, a), (_, b) in zip(left[1], right[1])]]
    return NODE


def list_shape(items):
    """The join of the shapes of the elements; of none, node."""
    return functools.reduce(join, map(shape_of, items)) if items else NODE


# -- the form ------------------------------------------------------------------

def as_schema(shape):
    """A shape as a schema: tuples that are subarrays, and nils inside tuples and maps that are node leaves."""
    if shape == NIL:
        return NODE
    if shape[0] == "map":
        return ["map", [[name, as_schema(below)] for name, below in shape[1]]]
    if shape[0] != "tuple":
        return shape
    found = list(map(as_schema, shape[1]))
    if is_one_subarray(found):
        return ["subarray", found[0][1], [len(found)] + (found[0][2] if found[0][0] == "subarray" else [])]
    return ["tuple", found]


def list_schema(items):
    """The schema of the rows as which a list is written, or None for a plain list."""
    schema = as_schema(list_shape(items))
    try:
        check_schema(schema)
    except NdwireError:
        return None
    return schema


def all_packed(chosen):
    """The scalars of a scalar or of nested tuples, one after the other."""
    if chosen.items is None:
        return chosen.packed
    return b"".join(map(all_packed, chosen.items))


def pack(chosen, schema):
    """What one row, or what stands in it under this schema, has in the fixed part, and its nodes."""
    if schema == NODE:
        return b"", [chosen.dump]
    if schema[0] == "optional":
        return (b"\x01" + chosen.packed if chosen.scalar else bytes(width(schema))), []
    if schema[0] == "tuple":
        pairs = list(zip(chosen.items, schema[1]))
    elif schema[0] == "map":
        pairs = [(value, below) for (_, value), (_, below) in zip(chosen.entries, schema[1])]
    else:
        return all_packed(chosen), []
    parts = [pack(value, below) for value, below in pairs]
    return b"".join(raw for raw, _ in parts), [node for _, nodes in parts for node in nodes]


def choose_list(items, given_as):
    """The form of a list."""
    schema = list_schema(items)
    if schema is None:
        chosen = Chosen(["list", [item.dump for item in items]])
    else:
        rows = [pack(item, schema) for item in items]
        nodes = [node for _, below in rows for node in below]
        chosen = Chosen(["rows", schema, len(items), b"".join(raw for raw, _ in rows).hex(), nodes])
    # What was given as a sequence is a node wherever it stands.
    chosen.items = items if given_as != "seq" else None
    return chosen


# -- typed events -> dump --------------------------------------------------------

def choose_int(event):
    """An integer of a stated width."""
    bits = INT_TYPES[event[0]]
    value = int(event[1])
    try:
        raw = value.to_bytes(bits // 8, "little", signed=event[0][0] == "i")
    except OverflowError:
        raise NdwireError("malformed", "%d is no %s" % (value, event[0])) from None
    return Chosen(["int", str(value)], event[0] if bits < 128 else None, raw)


def choose_map(entries, sort_maps):
    """A map; with the option of 7.4 sorted by the bytes of its keys, stably."""
    found = [(node(key, sort_maps).dump, node(value, sort_maps)) for key, value in entries]
    if sort_maps:
        found.sort(key=lambda entry: key_bytes(entry[0]))
    chosen = Chosen(["map", [[key, value.dump] for key, value in found]])
    chosen.entries = found
    return chosen


def choose_struct(fields, sort_maps):
    """A struct, or a variant with content: a map that no option sorts."""
    found = [(["str", name], node(value, sort_maps)) for name, value in fields]
    chosen = Chosen(["map", [[key, value.dump] for key, value in found]])
    chosen.entries = found
    return chosen


def choose_some(held):
    """A `Some`: D5 only before nil or D5 (section 7)."""
    return Chosen(["some", held.dump]) if held.dump[0] in ("nil", "some") else held


def choose_array(event):
    """An array; an order that means nothing is row-major."""
    _, dtype, dims, order, text = event
    kept = "F" if order == "F" and order_matters(dims) else "C"
    return Chosen(["array", dtype, dims, kept, text.lower()])


def node(event, sort_maps=False):
    """The chosen form of one typed event."""
    kind = event[0]
    if kind in INT_TYPES:
        return choose_int(event)
    if kind in ("f32", "f64"):
        raw = fixed_bytes(event[1], SIZES[kind])
        return Chosen([kind, raw.hex()], kind, raw)
    if kind == "bool":
        return Chosen(["bool", event[1]], "bool", bytes([event[1]]))
    if kind == "nil":
        return Chosen(["nil"])
    if kind == "some":
        return choose_some(node(event[1], sort_maps))
    if kind == "newtype":
        return node(event[1], sort_maps)
    if kind in ("seq", "tuple", "tuple_struct"):
        return choose_list([node(item, sort_maps) for item in event[1]], kind)
    if kind == "map":
        return choose_map(event[1], sort_maps)
    if kind == "struct":
        return choose_struct(event[1], sort_maps)
    if kind == "variant":
        return choose_struct([event[1:]], sort_maps)
    if kind == "array":
        return choose_array(event)
    if kind == "bytes":
        return Chosen(["bytes", event[1].lower()])
    if kind in ("char", "str"):
        return Chosen([kind, event[1]])
    raise NdwireError("malformed", "no event %r" % (kind,))


def choose(events, sort_maps=False):
    """The dump of typed events, with the form of every list chosen by 5.5."""
    return node(events, sort_maps).dump


def encode(events, sort_maps=False):
    """The bytes of typed events."""
    return dump_bytes(choose(events, sort_maps))
