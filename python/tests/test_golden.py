"""The golden files of the format, read as what they hold, and written back.

`dumps(loads(x)) == x` holds where Python's types keep the form. They do not keep

* an f32 apart from an f64, a char from a str, and `Some(None)` from `None`;
* a list of scalars, or of equally long lists of them, apart from an array: it is read as one, and written as an array;
* the widths of integers and floats in a list of Python's own numbers, as in rows with texts among them; so a list takes the form
  that its elements choose anew.
"""

import math
import struct

import numpy as np
import pytest
from helpers import DTYPES, GOLDEN, array, golden, golden_index, same

from ndwire import Error, describe, dumps, loads

INDEX = golden_index()
CASES = {case["name"]: case["dump"] for case in INDEX}


def test_all_are_there():
    assert len(CASES) == len(list(GOLDEN.glob("*.ndw"))) >= 795


class Refused(Exception):
    """What Python cannot have."""


def packed_dtype(schema, row=True):
    """The dtype of a schema, from its dump."""
    match schema:
        case ["scalar", name]:
            return DTYPES[name]
        case ["optional", name]:
            return np.dtype([("present", "?"), ("value", DTYPES[name])], metadata={"ndwire": "optional"})
        case ["subarray", name, dims]:
            return np.dtype((DTYPES[name], tuple(dims)))
        case ["tuple", inner]:
            fields = [(f"f{index}", packed_dtype(part)) for index, part in enumerate(inner)]
            return np.dtype(fields, metadata={"ndwire": "tuple"})
        case ["map", inner]:
            return np.dtype([(name, packed_dtype(part)) for name, part in inner])
    raise AssertionError(schema)


def has_nodes(schema):
    match schema:
        case ["node"]:
            return True
        case ["tuple", inner]:
            return any(map(has_nodes, inner))
        case ["map", inner]:
            return any(has_nodes(part) for _, part in inner)
    return False


def take_row(schema, fixed, nodes, lists):
    """A row of lists and dicts; the bytes and nodes that it takes are gone afterwards."""
    match schema:
        case ["node"]:
            return expected(nodes.pop(0), lists)
        case ["tuple", inner]:
            return [take_row(part, fixed, nodes, lists) for part in inner]
        case ["map", inner]:
            return {name: take_row(part, fixed, nodes, lists) for name, part in inner}
        case ["optional", name]:
            present, value = fixed.pop(1), fixed.pop(DTYPES[name].itemsize)
            return np.frombuffer(value, DTYPES[name])[0].item() if present == b"\1" else None
        case ["scalar", name]:
            return np.frombuffer(fixed.pop(DTYPES[name].itemsize), DTYPES[name])[0].item()
        case ["subarray", name, dims]:
            part = array(name, tuple(dims), fixed.pop(math.prod(dims) * DTYPES[name].itemsize))
            return part.tolist() if lists else part
    raise AssertionError(schema)


class Fixed:
    def __init__(self, payload):
        self.payload = payload

    def pop(self, width):
        taken, self.payload = self.payload[:width], self.payload[width:]
        assert len(taken) == width
        return taken


def expected(dump, lists):
    """The object of a dump, made without the package."""
    match dump:
        case ["nil"] | ["some", _]:
            return None
        case ["bool", value]:
            return value
        case ["int", text]:
            return int(text)
        case ["f32", bits]:
            return struct.unpack("<f", bytes.fromhex(bits))[0]
        case ["f64", bits]:
            return struct.unpack("<d", bytes.fromhex(bits))[0]
        case ["char", code]:
            return chr(code)
        case ["str", text]:
            return text
        case ["bytes", text]:
            return bytes.fromhex(text)
        case ["array", name, shape, order, payload]:
            if name in ("u128", "i128"):
                raise Refused(f"NumPy has no dtype for arrays of {name}")
            return array(name, tuple(shape), bytes.fromhex(payload), order)
        case ["list", elements]:
            return [expected(element, lists) for element in elements]
        case ["map", entries]:
            made = {}
            for key, value in entries:
                key, value = expected(key, lists), expected(value, lists)
                try:
                    if key in made:
                        raise Refused("the key stands in the map more than once, or equals another in Python: write the map as a list of pairs")
                    made[key] = value
                except TypeError:
                    raise Refused("a key that is a list, a map or an array is no key of a dict: write the map as a list of pairs") from None
            return made
        case ["rows", schema, count, payload, nodes]:
            payload = bytes.fromhex(payload)
            if lists or has_nodes(schema):
                fixed, nodes = Fixed(payload), list(nodes)
                rows = [take_row(schema, fixed, nodes, lists) for _ in range(count)]
                assert (fixed.payload, nodes) == (b"", [])
                return rows
            if schema[0] == "subarray":
                return array(schema[1], (count, *schema[2]), payload)
            return np.frombuffer(payload, packed_dtype(schema))
    raise AssertionError(dump)


def loses(dump):
    """Why Python's types do not keep the form, if they do not."""
    match dump:
        case ["f32" | "char" | "some", *_]:
            return f"a {dump[0]}"
        case ["rows", ["scalar" | "subarray", *_], *_]:
            return "an array now"
        case ["rows", schema, *_]:
            return "Python's own numbers" if has_nodes(schema) else None
        case ["list", elements]:
            lost = [reason for reason in map(loses, elements) if reason]
            if lost:
                return lost[0]
            # One of these makes it a plain list, whatever else is in it.
            plain = {"str", "bytes", "array"}
            if elements and not any(element[0] in plain or element == ["list", []] for element in elements):
                return None if all(element == ["nil"] for element in elements) else "chosen anew"
        case ["map", entries]:
            lost = [reason for entry in entries for reason in map(loses, entry) if reason]
            return lost[0] if lost else None
    return None


@pytest.mark.parametrize("name", CASES)
def test_read_and_written(name):
    dump, value = CASES[name], golden(name)
    for lists, mode in ((False, "array"), (True, "list")):
        try:
            obj = expected(dump, lists)
        except Refused as refused:
            with pytest.raises(Error) as error:
                loads(value, lists=mode)
            assert str(refused) in str(error.value)
            return
        read = loads(value, lists=mode)
        assert same(read, obj)
        assert same(loads(value, lists=mode, copy=True), obj)
        again = dumps(read)
        if not lists and loses(dump) is None:
            assert again == value
        elif lists:
            assert same(loads(again, lists=mode), obj)
    assert describe(value).endswith("\n")


def test_how_many_keep_their_form():
    """So that the test above tests something."""
    assert sum(loses(dump) is None for dump in CASES.values()) >= 369
