"""A writer of the ndwire value format, version 1, written from SPEC.md alone."""

from ndwire_format import (CODES, HEADER, MAGIC, MAX_DEPTH, MAX_META, MAX_PAYLOAD, MAX_RANK,
                           MAX_SUB_RANK, ROW_SCALARS, SIZES, THRESHOLD, NdwireError, align, crc32c,
                           order_matters, product, row_formula, schema_width)
from ndwire_reader import load

INT_TYPES = {p + str(b): b for p in "ui" for b in (8, 16, 32, 64, 128)}
NODE = ("node",)
NIL = ("nil",)


# -- dump -> bytes -----------------------------------------------------------

def uv(value):
    """An unsigned LEB128 integer in shortest form."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def integer(value):
    """An integer in its shortest form (3.2)."""
    if -16 <= value <= 127:
        return bytes([value & 0xFF])
    first = 0xC9 if value < 0 else 0xC4
    for step in range(5):
        try:
            return bytes([first + step]) + value.to_bytes(1 << step, "little", signed=value < 0)
        except OverflowError:
            continue
    raise NdwireError("malformed", "an integer of more than 128 bits")


def fixed_bytes(text, size):
    """The bytes of hex text of a known length."""
    raw = bytes.fromhex(text)
    if len(raw) != size:
        raise NdwireError("malformed", "%d bytes where %d belong" % (len(raw), size))
    return raw


def from_text(text):
    """The UTF-8 bytes of a str."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NdwireError("malformed", "a str is not UTF-8") from None


def code_of(dtype):
    """The code of a dtype's name."""
    if dtype not in CODES:
        raise NdwireError("malformed", "no dtype of this name")
    return CODES[dtype]


def str_parts(text):
    """META bytes and payloads of a str."""
    raw = from_text(text)
    if len(raw) >= THRESHOLD:
        return b"\xd8" + uv(len(raw)), [raw]
    if len(raw) >= 32:
        return b"\xd1" + uv(len(raw)) + raw, []
    return bytes([0x80 + len(raw)]) + raw, []


def bytes_parts(raw):
    """META bytes and payloads of a bytes node."""
    if len(raw) >= THRESHOLD:
        return b"\xd9" + uv(len(raw)), [raw]
    return b"\xd2" + uv(len(raw)) + raw, []


def opening(short, long, count):
    """The tag and count of a list or map."""
    return bytes([short + count]) if count < 16 else bytes([long]) + uv(count)


def deeper(depth):
    """R7, for the writer."""
    if depth > MAX_DEPTH:
        raise NdwireError("too_deep", "nested deeper than %d" % MAX_DEPTH)
    return depth


def joined(head, nodes, depth):
    """A container: its head, then its nodes in order."""
    meta, payloads = [head], []
    for node in nodes:
        part, below = parts(node, depth)
        meta.append(part)
        payloads += below
    return b"".join(meta), payloads


def some_parts(dump, depth):
    """D5."""
    if dump[1][0] not in ("nil", "some"):
        raise NdwireError("not_canonical", "some before a node that needs none")
    return joined(b"\xd5", [dump[1]], deeper(depth + 1))


def array_parts(dump, depth):
    """D6."""
    _, dtype, dims, order, text = dump
    if len(dims) > MAX_RANK:
        raise NdwireError("too_large", "rank %d" % len(dims))
    deeper(depth + max(1, len(dims)))
    code, size = code_of(dtype), SIZES.get(dtype)
    if product([d for d in dims if d]) * size > MAX_PAYLOAD:
        raise NdwireError("too_large", "the product of the dims")
    if order == "F" and not order_matters(dims):
        raise NdwireError("not_canonical", "an order without a meaning")
    raw = fixed_bytes(text, product(dims) * size)
    head = bytes([0xD6, code, len(dims) | (0x80 if order == "F" else 0)])
    return head + b"".join(map(uv, dims)), [raw] if raw else []


def schema_bytes(schema):
    """5.2."""
    if schema[1] not in ROW_SCALARS:
        raise NdwireError("malformed", "no row scalar")
    code = bytes([CODES[schema[1]]])
    if schema[0] == "scalar":
        return code
    if schema[0] == "optional":
        return b"\xd5" + code
    dims = schema[2]
    if not 1 <= len(dims) <= MAX_SUB_RANK or 0 in dims:
        raise NdwireError("malformed", "no subarray")
    return b"\xd6" + code + bytes([len(dims)]) + b"".join(map(uv, dims))


def rows_parts(dump, depth):
    """D7."""
    _, schema, count, text = dump
    deeper(depth + 1 + (len(schema[2]) if schema[0] == "subarray" else 0))
    head = b"\xd7" + schema_bytes(schema) + uv(count)
    raw = fixed_bytes(text, count * schema_width(schema))
    return (head + raw, []) if len(raw) < THRESHOLD else (head, [raw])


def parts(dump, depth):
    """The META bytes and the payloads of one node inside containers that count `depth`."""
    kind = dump[0]
    if kind == "nil":
        return b"\xc0", []
    if kind == "bool":
        return (b"\xc3" if dump[1] else b"\xc2"), []
    if kind == "int":
        return integer(int(dump[1])), []
    if kind == "f32":
        return b"\xce" + fixed_bytes(dump[1], 4), []
    if kind == "f64":
        return b"\xcf" + fixed_bytes(dump[1], 8), []
    if kind == "char":
        return b"\xd0" + uv(dump[1]), []
    if kind == "str":
        return str_parts(dump[1])
    if kind == "bytes":
        return bytes_parts(bytes.fromhex(dump[1]))
    if kind == "list":
        return joined(opening(0xA0, 0xD3, len(dump[1])), dump[1], deeper(depth + 1))
    if kind == "map":
        nodes = [node for entry in dump[1] for node in entry]
        return joined(opening(0xB0, 0xD4, len(dump[1])), nodes, deeper(depth + 1))
    if kind in NESTED:
        return NESTED[kind](dump, depth)
    raise NdwireError("malformed", "no node %r" % (kind,))


NESTED = {"some": some_parts, "array": array_parts, "rows": rows_parts}


def frame(meta, payloads):
    """A value: header, META, and every payload after its padding."""
    if len(meta) > MAX_META:
        raise NdwireError("too_large", "META of %d bytes" % len(meta))
    head = MAGIC + b"\x01\0\0\0" + len(meta).to_bytes(4, "little")
    out = bytearray(head + crc32c(head + meta).to_bytes(4, "little") + meta)
    assert len(head) + 4 == HEADER
    for payload in payloads:
        out += bytes(align(len(out)) - len(out))
        out += payload
    return bytes(out)


def dump_bytes(dump):
    """The bytes of a dump, form by form; refuses what a reader would refuse."""
    data = frame(*parts(dump, 0))
    load(data)
    return data


# -- typed events -> dump ----------------------------------------------------

class Chosen:
    """A node's dump, its shape (5.5), and its packed bytes if it is a scalar or a block."""

    def __init__(self, dump, shape=NODE, packed=b""):
        self.dump = dump
        self.shape = shape
        self.packed = packed


def choose_int(event):
    """An integer of a stated width."""
    bits = INT_TYPES[event[0]]
    value = int(event[1])
    try:
        raw = value.to_bytes(bits // 8, "little", signed=event[0][0] == "i")
    except OverflowError:
        raise NdwireError("malformed", "%d is no %s" % (value, event[0])) from None
    return Chosen(["int", str(value)], ("scalar", event[0]) if bits < 128 else NODE, raw)


def block_shape(dtype, dims):
    """The shape of a list that has the form of rows."""
    fits = len(dims) <= MAX_SUB_RANK and row_formula(dims, SIZES[dtype])
    return ("block", dtype, dims) if fits else NODE


def join(a, b):
    """The table of 5.5."""
    if a == b:
        return a
    if NODE in (a, b) or "block" in (a[0], b[0]):
        return NODE
    if a == NIL or b == NIL:
        return ("optional", (b if a == NIL else a)[1])
    return ("optional", a[1]) if a[1] == b[1] else NODE


def list_shape(items):
    """The join of the shapes of the elements."""
    if not items:
        return NODE
    shape = items[0].shape
    for item in items[1:]:
        shape = join(shape, item.shape)
    return shape


def optional_row(item, width):
    """A presence byte and a scalar, or zeros."""
    return bytes(width) if item.shape == NIL else b"\x01" + item.packed


def choose_list(items):
    """The form of a list from its chosen elements."""
    shape, count = list_shape(items), len(items)
    if shape in (NODE, NIL):
        return Chosen(["list", [item.dump for item in items]])
    dtype = shape[1]
    if shape[0] == "optional":
        width = 1 + SIZES[dtype]
        packed = b"".join(optional_row(item, width) for item in items)
        return Chosen(["rows", ["optional", dtype], count, packed.hex()])
    packed = b"".join(item.packed for item in items)
    dims = [] if shape[0] == "scalar" else shape[2]
    schema = ["subarray", dtype, dims] if dims else ["scalar", dtype]
    outer = block_shape(dtype, [count] + dims)
    return Chosen(["rows", schema, count, packed.hex()], outer, packed)


def choose_map(entries, sort_maps):
    """A map; with the option of 7.4 sorted by the bytes of its keys, stably."""
    chosen = [[node(k, sort_maps).dump, node(v, sort_maps).dump] for k, v in entries]
    if sort_maps:
        chosen.sort(key=lambda entry: key_bytes(entry[0]))
    return Chosen(["map", chosen])


def key_bytes(dump):
    """The key node's bytes in META, then its payloads as they stand in DATA."""
    meta, payloads = parts(dump, 1)
    data = b""
    for payload in payloads:
        data += bytes(-len(data) % 16) + payload
    return meta, data


def choose_some(event, sort_maps):
    """A `Some`: D5 only before nil or D5 (section 7)."""
    count = 0
    while event[0] == "some":
        count, event = count + 1, event[1]
    inner = node(event, sort_maps)
    if inner.shape != NIL:
        return inner
    dump = inner.dump
    for _ in range(count):
        dump = ["some", dump]
    return Chosen(dump)


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
        return Chosen([kind, raw.hex()], ("scalar", kind), raw)
    if kind == "bool":
        return Chosen(["bool", event[1]], ("scalar", "bool"), bytes([event[1]]))
    if kind == "nil":
        return Chosen(["nil"], NIL)
    if kind == "some":
        return choose_some(event, sort_maps)
    if kind == "seq":
        return choose_list([node(item, sort_maps) for item in event[1]])
    if kind == "map":
        return choose_map(event[1], sort_maps)
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
