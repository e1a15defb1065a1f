"""A strict reader of the ndwire value format, version 1, written from SPEC.md alone."""

import json
import sys

from ndwire_format import (DTYPES, HEADER, MAGIC, MAX_DEPTH, MAX_PAYLOAD, MAX_RANK, MAX_SUB_RANK,
                           RECURSION, ROW_SCALARS, SIZES, THRESHOLD, NdwireError, align, crc32c,
                           order_matters, product, row_formula, schema_width)


def utf8(raw):
    """The text of UTF-8 bytes, or malformed."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NdwireError("malformed", "a str is not UTF-8") from None


def check_bools(raw):
    """4.2: every byte is 0 or 1."""
    if raw.translate(None, b"\x00\x01"):
        raise NdwireError("malformed", "a bool is 0 or 1")


def check_optional(raw, dtype):
    """The fixed part of optional rows, row after row."""
    width = 1 + SIZES[dtype]
    for at in range(0, len(raw), width):
        presence, value = raw[at], raw[at + 1:at + width]
        if presence > 1:
            raise NdwireError("malformed", "presence is 0 or 1")
        if presence == 0 and any(value):
            raise NdwireError("not_canonical", "an absent row is not zero")
        if presence == 1 and dtype == "bool":
            check_bools(value)


def check_fixed(raw, schema):
    """What the bytes of rows must hold."""
    if schema[0] == "optional":
        check_optional(raw, schema[1])
    elif schema[1] == "bool":
        check_bools(raw)


def check_header(data):
    """R1. Returns the length of META."""
    if data[:4] != MAGIC[:len(data)]:
        raise NdwireError("not_ndwire", "the magic is missing")
    if len(data) < HEADER:
        raise NdwireError("truncated", "a header has 16 bytes")
    if data[4] != 1:
        raise NdwireError("unsupported_version", "version %d, this reader knows 1" % data[4])
    if data[5]:
        raise NdwireError("unsupported_flags", "must-understand flags %02X" % data[5])
    if data[6:8] != b"\0\0":
        raise NdwireError("malformed", "reserved bytes are zero")
    size = int.from_bytes(data[8:12], "little")
    if size > len(data) - HEADER:
        raise NdwireError("truncated", "META is cut short")
    if crc32c(data[:12] + data[HEADER:HEADER + size]) != int.from_bytes(data[12:16], "little"):
        raise NdwireError("checksum_mismatch", "the checksum of header and META is another")
    return size


class Reader:
    """One pass over one value: a place in META, a place in DATA, and the nodes owed."""

    def __init__(self, data):
        self.data = data
        self.end = HEADER + check_header(data)
        self.pos = HEADER
        self.data_pos = self.end
        self.owed = 0

    # -- bytes ---------------------------------------------------------

    def left(self):
        """Bytes of META not yet read."""
        return self.end - self.pos

    def take(self, count):
        """`count` bytes of META that are no str, bytes or fixed part."""
        if count > self.left():
            raise NdwireError("truncated", "a node is cut short")
        self.pos += count
        return self.data[self.pos - count:self.pos]

    def take_long(self, count):
        """`count` bytes of a str, bytes node or fixed part: the owed rule (R5)."""
        if count > self.left() - self.owed:
            raise NdwireError("truncated", "%d bytes claimed, less is left" % count)
        return self.take(count)

    def byte(self):
        """One byte of META."""
        return self.take(1)[0]

    def uv(self):
        """An unsigned LEB128 integer of at most 64 bits in shortest form."""
        value = 0
        for index in range(10):
            byte = self.byte()
            if index == 9 and byte > 1:
                raise NdwireError("malformed", "a uv of more than 64 bits")
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                if byte == 0 and index:
                    raise NdwireError("not_canonical", "a uv with a needless byte")
                return value
        raise NdwireError("malformed", "a uv of more than 64 bits")

    def payload(self, size):
        """The next payload of `size` bytes: fit, then padding."""
        if size == 0:
            return b""
        if size > MAX_PAYLOAD:
            raise NdwireError("too_large", "a payload of %d bytes" % size)
        start = align(self.data_pos)
        if start + size > len(self.data):
            raise NdwireError("truncated", "a payload is cut short")
        if any(self.data[self.data_pos:start]):
            raise NdwireError("malformed", "padding is zero")
        self.data_pos = start + size
        return self.data[start:start + size]

    # -- nodes ---------------------------------------------------------

    def value(self):
        """The whole value."""
        dump = self.node(0)
        if self.left():
            raise NdwireError("trailing_bytes", "META holds more than one node")
        if self.data_pos != len(self.data):
            raise NdwireError("trailing_bytes", "bytes after the value")
        return dump

    def node(self, depth):
        """One node inside containers that count `depth`."""
        tag = self.byte()
        if tag < 0x80:
            return ["int", str(tag)]
        if tag < 0xA0:
            return ["str", utf8(self.take_long(tag & 0x1F))]
        if tag < 0xB0:
            return self.list(tag & 0x0F, depth)
        if tag < 0xC0:
            return self.map(tag & 0x0F, depth)
        if tag >= 0xF0:
            return ["int", str(tag - 256)]
        if 0xC4 <= tag <= 0xCD:
            return self.integer(tag)
        method = self.METHODS.get(tag)
        if method is None:
            raise NdwireError("malformed", "tag %02X is reserved or never used" % tag)
        return method(self, depth)

    def integer(self, tag):
        """C4 to CD."""
        signed = tag >= 0xC9
        size = 1 << (tag - (0xC9 if signed else 0xC4))
        value = int.from_bytes(self.take(size), "little", signed=signed)
        half = 0 if size == 1 else 8 * size // 2
        if signed:
            ok = value < (-(1 << (half - 1)) if half else -16)
        else:
            ok = value >= (1 << half if half else 128)
        if not ok:
            raise NdwireError("not_canonical", "%d has a shorter form" % value)
        return ["int", str(value)]

    def f32(self, _depth):
        """CE"""
        return ["f32", self.take(4).hex()]

    def f64(self, _depth):
        """CF"""
        return ["f64", self.take(8).hex()]

    def char(self, _depth):
        """D0"""
        code = self.uv()
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise NdwireError("malformed", "%X is no Unicode scalar value" % code)
        return ["char", code]

    def between(self, low, high):
        """A uv length or count that must lie in a range for its tag."""
        length = self.uv()
        if not low <= length <= high:
            raise NdwireError("not_canonical", "%d has another tag" % length)
        return length

    def str_meta(self, _depth):
        """D1"""
        return ["str", utf8(self.take_long(self.between(32, THRESHOLD - 1)))]

    def bytes_meta(self, _depth):
        """D2"""
        return ["bytes", self.take_long(self.between(0, THRESHOLD - 1)).hex()]

    def str_data(self, _depth):
        """D8"""
        return ["str", utf8(self.payload(self.between(THRESHOLD, 2**64)))]

    def bytes_data(self, _depth):
        """D9"""
        return ["bytes", self.payload(self.between(THRESHOLD, 2**64)).hex()]

    def open(self, nodes, depth):
        """R7 and R5 for a list or map of `nodes` nodes. Returns the depth within."""
        self.deeper(depth + 1)
        if nodes + self.owed > self.left():
            raise NdwireError("truncated", "%d nodes claimed, less is left" % nodes)
        self.owed += nodes
        return depth + 1

    @staticmethod
    def deeper(depth):
        """R7."""
        if depth > MAX_DEPTH:
            raise NdwireError("too_deep", "nested deeper than %d" % MAX_DEPTH)

    def nodes(self, count, depth):
        """`count` nodes that are owed by a container which is open."""
        found = []
        for _ in range(count):
            self.owed -= 1
            found.append(self.node(depth))
        return found

    def list(self, count, depth):
        """A list of `count` nodes."""
        return ["list", self.nodes(count, self.open(count, depth))]

    def map(self, count, depth):
        """A map of `count` entries."""
        found = self.nodes(2 * count, self.open(2 * count, depth))
        return ["map", [found[at:at + 2] for at in range(0, 2 * count, 2)]]

    def long_list(self, depth):
        """D3"""
        return self.list(self.between(16, 2**64), depth)

    def long_map(self, depth):
        """D4"""
        return self.map(self.between(16, 2**64), depth)

    def some(self, depth):
        """D5"""
        self.deeper(depth + 1)
        if not self.left():
            raise NdwireError("truncated", "some of nothing")
        if self.data[self.pos] not in (0xC0, 0xD5):
            raise NdwireError("not_canonical", "some before a node that needs none")
        return ["some", self.node(depth + 1)]

    def array(self, depth):
        """D6"""
        code = self.byte()
        if code not in DTYPES:
            raise NdwireError("malformed", "no dtype %02X" % code)
        name, size = DTYPES[code]
        rank_order = self.byte()
        if rank_order & 0x40:
            raise NdwireError("malformed", "bit 6 of rank-and-order is zero")
        rank = rank_order & 0x3F
        if rank > MAX_RANK:
            raise NdwireError("too_large", "rank %d" % rank)
        self.deeper(depth + max(rank, 1))
        dims = [self.uv() for _ in range(rank)]
        if product([d for d in dims if d]) * size > MAX_PAYLOAD:
            raise NdwireError("too_large", "the product of the dims")
        if rank_order & 0x80 and not order_matters(dims):
            raise NdwireError("not_canonical", "an order bit without a meaning")
        raw = self.payload(product(dims) * size)
        if name == "bool":
            check_bools(raw)
        return ["array", name, dims, "F" if rank_order & 0x80 else "C", raw.hex()]

    # -- rows ----------------------------------------------------------

    def row_scalar(self, code):
        """The name of a row scalar's dtype."""
        name = DTYPES.get(code, ("", 0))[0]
        if name not in ROW_SCALARS:
            raise NdwireError("malformed", "%02X is no row scalar" % code)
        return name

    def subarray(self, depth):
        """The schema after D6."""
        name = self.row_scalar(self.byte())
        rank = self.byte()
        if not 1 <= rank <= MAX_SUB_RANK:
            raise NdwireError("malformed", "a subarray has rank 1 to 7 and no order")
        self.deeper(depth + 1 + rank)
        dims = [self.uv() for _ in range(rank)]
        if 0 in dims:
            raise NdwireError("malformed", "a subarray dim of 0")
        if product(dims) * SIZES[name] > MAX_PAYLOAD:
            raise NdwireError("too_large", "the product of the dims")
        if not row_formula(dims, SIZES[name]):
            raise NdwireError("malformed", "the row formula")
        return ["subarray", name, dims]

    def schema(self, depth):
        """5.2."""
        code = self.byte()
        if 0xA0 <= code <= 0xBF or code in (0xD3, 0xD4):
            raise NdwireError("unsupported", "rows of tuples and maps")
        if code == 0xD5:
            return ["optional", self.row_scalar(self.byte())]
        if code == 0xD6:
            return self.subarray(depth)
        return ["scalar", self.row_scalar(code)]

    def rows(self, depth):
        """D7"""
        self.deeper(depth + 1)
        schema = self.schema(depth)
        count = self.uv()
        if count == 0:
            raise NdwireError("not_canonical", "rows of no element")
        size = count * schema_width(schema)
        raw = self.take_long(size) if size < THRESHOLD else self.payload(size)
        check_fixed(raw, schema)
        return ["rows", schema, count, raw.hex()]

    METHODS = {
        0xC0: lambda self, _: ["nil"],
        0xC2: lambda self, _: ["bool", False],
        0xC3: lambda self, _: ["bool", True],
        0xCE: f32, 0xCF: f64, 0xD0: char, 0xD1: str_meta, 0xD2: bytes_meta, 0xD3: long_list,
        0xD4: long_map, 0xD5: some, 0xD6: array, 0xD7: rows, 0xD8: str_data, 0xD9: bytes_data,
    }


def load(data):
    """The dump of one whole value; raises NdwireError."""
    return Reader(bytes(data)).value()


def main(paths):
    """Print one dump per line; 1 if any file was rejected."""
    sys.setrecursionlimit(RECURSION)
    status = 0
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        try:
            line = load(data)
        except NdwireError as error:
            line, status = {"error": error.kind}, 1
        print(json.dumps(line, ensure_ascii=True, separators=(",", ":")))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
