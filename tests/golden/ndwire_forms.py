"""The writer's choice of form (5.5): from typed events, what serde was given, to a dump, which states every form.

Slow and plain on purpose: every list looks through its elements anew.

Typed events are ["nil"], ["bool", b], [integer type, decimal text], ["f32" or "f64", hex], ["char", code], ["str", text],
["bytes", hex], ["array", dtype, dims, "C" or "F", hex], ["some", event], ["newtype", event], ["seq", events],
["tuple", events], ["tuple_struct", events], ["map", [[event, event], ...]], ["struct", [[name, event], ...]] and
["variant", name, event]. What a variant holds is a tuple variant's content if it is a "tuple", a struct variant's if it is a
"struct", and otherwise a newtype variant's.
"""

from ndwire_format import MAX_LEAVES, MAX_MAPS, MAX_NAME, MAX_SUB_RANK, SIZES, NdwireError, order_matters
from ndwire_schema import is_one_subarray, row_formula, width
from ndwire_writer import dump_bytes, fixed_bytes, key_bytes

INT_TYPES = {p + str(b): b for p in "ui" for b in (8, 16, 32, 64, 128)}
MAX_TUPLE = 64
NODE = ["node"]
NIL = ["nil"]


class Chosen:
    """A node's dump, and what its shape follows from."""

    def __init__(self, dump, scalar=None, packed=b""):
        self.dump = dump
        #: The dtype of a scalar of at most 64 bits, and its bytes.
        self.scalar = scalar
        self.packed = packed
        #: The elements of a list, and whether it was given as a tuple of at least one element.
        self.items = None
        self.is_tuple = False
        #: The entries of a map: pairs of a key's dump and what it stands for.
        self.entries = None


# -- shapes --------------------------------------------------------------------
# A shape is a schema, or nil; as a row also a block, which is a subarray that came as a list.

def as_subarray(schema, count):
    """`count` times the same scalar or subarray as one subarray, or None if that is no schema."""
    dims = [count] + (schema[2] if schema[0] == "subarray" else [])
    made = ["subarray", schema[1], dims]
    return made if len(dims) <= MAX_SUB_RANK and row_formula(made) else None


def block_shape(dump):
    """The shape of a list for which rows of scalars or of subarrays are chosen."""
    if dump[0] != "rows" or dump[1][0] not in ("scalar", "subarray"):
        return NODE
    made = as_subarray(dump[1], dump[2])
    return ["block"] + made[1:] if made else NODE


def leaf_shape(chosen, maps):
    """The shape of an element of a tuple (`maps` is None), or of a value inside so many maps of its row."""
    if chosen.scalar:
        return ["scalar", chosen.scalar]
    if chosen.dump == ["nil"]:
        return NIL
    if chosen.is_tuple:
        shapes = [leaf_shape(item, None) for item in chosen.items]
        return is_one_subarray(shapes) and as_subarray(shapes[0], len(shapes)) or NODE
    if chosen.entries and maps is not None:
        return map_shape(chosen, maps)
    return NODE


def leaf_count(shape):
    """The leaves of a shape."""
    return sum(leaf_count(below) for _, below in shape[1]) if shape[0] == "map" else 1


def map_shape(chosen, maps):
    """The shape of a map that stands inside so many others of its row."""
    names = [key[1] if key[0] == "str" else "" for key, _ in chosen.entries]
    if maps == MAX_MAPS or len(set(names)) < len(names):
        return NODE
    if not all(1 <= len(name.encode("utf-8")) <= MAX_NAME for name in names):
        return NODE
    shape = ["map", [[name, leaf_shape(value, maps + 1)] for name, (_, value) in zip(names, chosen.entries)]]
    return shape if leaf_count(shape) <= MAX_LEAVES else NODE


def shape_of(chosen):
    """The shape of an element of a list."""
    if chosen.is_tuple and len(chosen.items) <= MAX_TUPLE:
        return ["tuple", [leaf_shape(item, None) for item in chosen.items]]
    if chosen.items is not None:
        return block_shape(chosen.dump)
    return leaf_shape(chosen, 0)


# -- the join ------------------------------------------------------------------

def join_block(block, other):
    """A block with a tuple, or with another block that is not the same."""
    if other[0] != "tuple" or not is_one_subarray(other[1]):
        return NODE
    made = as_subarray(other[1][0], len(other[1]))
    return block if made and made[1:] == block[1:] else NODE


def join_map(left, right):
    """Two maps."""
    if [name for name, _ in left[1]] != [name for name, _ in right[1]]:
        return NODE
    return ["map", [[name, join(a, b)] for (name, a), (_, b) in zip(left[1], right[1])]]


def join(left, right):
    """The join of two shapes of rows, or of two shapes of leaves."""
    if left == right:
        return left
    kinds = {left[0], right[0]}
    if kinds <= {"nil", "scalar", "optional"}:
        dtypes = {shape[1] for shape in (left, right) if shape != NIL}
        return ["optional", dtypes.pop()] if len(dtypes) == 1 else NODE
    if kinds == {"tuple"} and len(left[1]) == len(right[1]):
        return ["tuple", [join(a, b) for a, b in zip(left[1], right[1])]]
    if kinds == {"map"}:
        return join_map(left, right)
    if left[0] == "block":
        return join_block(left, right)
    if right[0] == "block":
        return join_block(right, left)
    return NODE


def list_shape(items):
    """The join of the shapes of the elements; of none, node."""
    if not items:
        return NODE
    shape = shape_of(items[0])
    for item in items[1:]:
        shape = join(shape, shape_of(item))
    return shape


# -- the form ------------------------------------------------------------------

def as_schema(shape):
    """A shape as a schema: nil leaves are node leaves."""
    if shape == NIL:
        return NODE
    if shape[0] == "tuple":
        return ["tuple", [as_schema(below) for below in shape[1]]]
    if shape[0] == "map":
        return ["map", [[name, as_schema(below)] for name, below in shape[1]]]
    return shape


def list_schema(items, is_row):
    """The schema of the rows as which a list is written, or None for a plain list.

    `is_row` says that the list is a tuple directly in a list or tuple, so that its elements are places of a row, not rows.
    """
    shape = list_shape(items)
    if shape in (NODE, NIL):
        return None
    if shape[0] == "block":
        return ["subarray"] + shape[1:]
    if shape[0] == "tuple" and is_one_subarray(shape[1]):
        return as_subarray(shape[1][0], len(shape[1]))
    if shape[0] in ("tuple", "map"):
        schema = as_schema(shape)
        return schema if len(items) >= 2 and not is_row and row_formula(schema) else None
    return shape


def all_packed(chosen):
    """The scalars of a scalar or of nested lists, one after the other."""
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


def choose_list(items, given_as, in_list):
    """The form of a list."""
    is_tuple = given_as != "seq" and len(items) >= 1
    schema = list_schema(items, in_list and is_tuple and len(items) <= MAX_TUPLE)
    if schema is None:
        chosen = Chosen(["list", [item.dump for item in items]])
    else:
        rows = [pack(item, schema) for item in items]
        nodes = [node for _, below in rows for node in below]
        chosen = Chosen(["rows", schema, len(items), b"".join(raw for raw, _ in rows).hex(), nodes])
    chosen.items = items
    chosen.is_tuple = is_tuple
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


def node(event, sort_maps=False, in_list=False):
    """The chosen form of one typed event; `in_list` says that it stands directly in a list or tuple."""
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
        return choose_some(node(event[1], sort_maps, in_list))
    if kind == "newtype":
        return node(event[1], sort_maps, in_list)
    if kind in ("seq", "tuple", "tuple_struct"):
        return choose_list([node(item, sort_maps, True) for item in event[1]], kind, in_list)
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
