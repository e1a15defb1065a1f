"""A strict reader of the ndwire value format, version 1, written from SPEC.md alone."""

import json
import sys

from ndwire_format import (DTYPES, MAX_DEPTH, MAX_PAYLOAD, MAX_RANK, RECURSION, THRESHOLD, NdwireError, order_matters,
                           product)
from ndwire_input import Input, utf8
from ndwire_schema import check_bools, check_fixed, inner, levels, node_leaves, read_schema, width


def node_depths(schema):
    """For each node leaf, how many tuples and maps stand around it (R7)."""
    if schema[0] == "node":
        return [0]
    return [1 + depth for below in inner(schema) for depth in node_depths(below)]


class Reader(Input):
    """One pass over one value."""

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
            return ["str", utf8(self.take(tag & 0x1F))]
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

    def str_meta(self, _depth):
        """D1"""
        return ["str", utf8(self.take(self.between(32, THRESHOLD - 1)))]

    def bytes_meta(self, _depth):
        """D2"""
        return ["bytes", self.take(self.between(0, THRESHOLD - 1)).hex()]

    def str_data(self, _depth):
        """D8"""
        return ["str", utf8(self.payload(self.between(THRESHOLD, 2**64)))]

    def bytes_data(self, _depth):
        """D9"""
        return ["bytes", self.payload(self.between(THRESHOLD, 2**64)).hex()]

    def open(self, nodes, depth):
        """R7 and R5 for a list or map of `nodes` nodes. Returns the depth within."""
        self.deeper(depth + 1)
        self.owe(nodes)
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

    def rows(self, depth):
        """D7"""
        self.deeper(depth + 1)
        schema = read_schema(self)
        self.deeper(depth + 1 + levels(schema))
        count = self.uv()
        if count == 0 and not inner(schema):
            raise NdwireError("not_canonical", "rows of no element, which have no columns")
        owed = count * node_leaves(schema)
        self.owe(owed)
        size = count * width(schema)
        raw = self.take(size) if size < THRESHOLD else self.payload(size)
        check_fixed(raw, schema, count)
        return ["rows", schema, count, raw.hex(), self.row_nodes(schema, count, depth + 1)]

    def row_nodes(self, schema, count, depth):
        """The node part: row after row, each node inside the tuples and maps around it."""
        around = node_depths(schema)
        found = []
        for _ in range(count if around else 0):
            for inside in around:
                self.owed -= 1
                found.append(self.node(depth + inside))
        return found

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
