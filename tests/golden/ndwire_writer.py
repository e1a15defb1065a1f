"""A writer of the ndwire value format, version 1, from SPEC.md alone: from dumps, which state every form, to bytes."""

from ndwire_format import (ALIGN, CODES, HEADER, MAGIC, MAX_DEPTH, MAX_META, MAX_PAYLOAD, MAX_RANK, SIZES, THRESHOLD,
                           NdwireError, align, crc32c, order_matters, product, uv_bytes)
from ndwire_reader import load, node_depths
from ndwire_schema import check_schema, levels, node_leaves, opening, schema_bytes, str_head, width


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
        return b"\xd8" + uv_bytes(len(raw)), [raw]
    return str_head(len(raw)) + raw, []


def bytes_parts(raw):
    """META bytes and payloads of a bytes node."""
    if len(raw) >= THRESHOLD:
        return b"\xd9" + uv_bytes(len(raw)), [raw]
    return b"\xd2" + uv_bytes(len(raw)) + raw, []


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
    return head + b"".join(map(uv_bytes, dims)), [raw] if raw else []


def rows_parts(dump, depth):
    """D7: the payload of the fixed part before those of the nodes."""
    _, schema, count, text, nodes = dump
    check_schema(schema)
    deeper(depth + 1 + levels(schema))
    if len(nodes) != count * node_leaves(schema):
        raise NdwireError("malformed", "%d nodes for %d rows" % (len(nodes), count))
    head = b"\xd7" + schema_bytes(schema) + uv_bytes(count)
    raw = fixed_bytes(text, count * width(schema))
    meta, payloads = ([head + raw], []) if len(raw) < THRESHOLD else ([head], [raw])
    inside = node_depths(schema)
    for index, node in enumerate(nodes):
        part, below = parts(node, depth + 1 + inside[index % len(inside)])
        meta.append(part)
        payloads += below
    return b"".join(meta), payloads


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
        return b"\xd0" + uv_bytes(dump[1]), []
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


def key_bytes(dump):
    """What 7.4 sorts by: the key node's bytes in META, then its payloads as they stand in DATA, with the padding between."""
    meta, payloads = parts(dump, 1)
    data = b""
    for payload in payloads:
        data += bytes(-len(data) % ALIGN) + payload
    return meta + data
