"""What is written, byte for byte, and what is read of it."""

import struct
from collections import OrderedDict, namedtuple
from enum import IntEnum

import ml_dtypes
import numpy as np
import pytest
from helpers import DTYPES, array, golden, same

from ndwire import describe, dumps, loads


def meta(value: bytes) -> bytes:
    """The metadata of a value."""
    assert value[:8] == b"\xc1NDW\x01\0\0\0"
    return value[16 : 16 + int.from_bytes(value[8:12], "little")]


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (None, "C0"),
        (False, "C2"),
        (True, "C3"),
        (0, "00"),
        (127, "7F"),
        (128, "C4 80"),
        (-1, "FF"),
        (-17, "C9 EF"),
        (2**64 - 1, "C7 FF FF FF FF FF FF FF FF"),
        (2**64, "C8 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00"),
        (-(2**127), "CD 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80"),
        (2**128 - 1, "C8 FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF"),
        (-0.0, "CF 00 00 00 00 00 00 00 80"),
        ("", "80"),
        ("hi", "82 68 69"),
        ("€", "83 E2 82 AC"),
        (b"", "D2 00"),
        (b"\1\2\3", "D2 03 01 02 03"),
        (bytearray(b"\1\2\3"), "D2 03 01 02 03"),
        (memoryview(b"\1\2\3"), "D2 03 01 02 03"),
        (memoryview(b"\1\0\2\0\3")[::2], "D2 03 01 02 03"),
        ([], "A0"),
        ((), "A0"),
        ({}, "B0"),
        ([None], "A1 C0"),
        ([1, "a"], "A2 01 81 61"),
        ((1, "a"), "A2 01 81 61"),
        ([7], "D7 23 01 07 00 00 00 00 00 00 00"),
        ([1.0, None], "D7 D5 33 02 01 00 00 00 00 00 00 F0 3F 00 00 00 00 00 00 00 00 00"),
        ([np.uint8(1), np.uint8(2)], "D7 10 02 01 02"),
        ([np.uint8(1), np.uint16(2)], "A2 01 02"),
        ([np.uint8(1), None], "D7 D5 10 02 01 01 00 00"),
        ([[np.uint8(1), np.uint8(2)], [np.uint8(3), np.uint8(4)]], "A2 D7 10 02 01 02 D7 10 02 03 04"),
        ([(np.uint8(1), np.uint8(2)), (np.uint8(3), np.uint8(4))], "D7 D6 10 01 02 02 01 02 03 04"),
        ([(np.uint8(1), np.uint16(2)), (np.uint8(3), np.uint16(4))], "D7 A2 10 11 02 01 02 00 03 04 00"),
        ([{"a": np.uint8(1)}, {"a": np.uint8(2)}], "D7 B1 81 61 10 02 01 02"),
        ([{"a": np.uint8(1)}], "D7 B1 81 61 10 01 01"),
        ([{"a": (np.uint8(1), None)}], "D7 B1 81 61 A2 10 C0 01 01 C0"),
        ({"a": 1, 2: b"", None: True}, "B3 81 61 01 02 D2 00 C0 C3"),
        (np.bool_(True), "C3"),
        (np.int8(-17), "C9 EF"),
        (np.uint64(2**64 - 1), "C7 FF FF FF FF FF FF FF FF"),
        (np.float32(1.5), "CE 00 00 C0 3F"),
        (np.float64(-0.0), "CF 00 00 00 00 00 00 00 80"),
        (np.float16(1), "D6 31 00"),
        (np.complex64(1), "D6 53 00"),
        (np.datetime64(1, "ns"), "D6 69 00"),
        (np.timedelta64(1), "D6 7D 00"),
        (ml_dtypes.bfloat16(1), "D6 41 00"),
        (np.str_("hi"), "82 68 69"),
        (np.bytes_(b"\1"), "D2 01 01"),
    ],
    ids=repr,
)
def test_forms(obj, expected):
    assert meta(dumps(obj)) == bytes.fromhex(expected)


def test_the_example_of_the_specification():
    frame = {"id": 7, "pixels": np.arange(6, dtype="f4").reshape(2, 3)}
    value = dumps(frame)
    assert meta(value).hex(" ").upper() == "B2 82 69 64 07 86 70 69 78 65 6C 73 D6 32 02 02 03"
    assert value[16 + 17 : 48] == bytes(15) and value[48:] == frame["pixels"].tobytes()
    assert golden("example") == value


def test_subclasses_are_what_they_derive_from():
    Point = namedtuple("Point", "x y")
    Colour = IntEnum("Colour", "RED GREEN")
    moved = OrderedDict(a=1, b="x")
    moved.move_to_end("a")
    assert dumps(Point(1, "y")) == dumps((1, "y"))
    assert dumps(Colour.GREEN) == dumps(2)
    assert list(loads(dumps(moved))) == ["b", "a"]


@pytest.mark.parametrize("number", [5, -(2**63), 2**63, 2**100, -(2**127), 2**128 - 1])
def test_integers_with_operators_of_their_own(number):
    class Strange(int):
        def other(self, *_):
            return 0

        __index__ = __int__ = __and__ = __lshift__ = __rshift__ = other

    assert dumps(Strange(number)) == dumps(number)


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype(name):
    payload = bytes(range(1, 241)) if name != "bool" else bytes([0, 1, 1] * 80)
    payload = payload[: 6 * DTYPES[name].itemsize]
    flat = array(name, (2, 3), payload)
    value = dumps(flat)
    assert describe(value) == f"array {name} [2, 3], bytes 32..{32 + len(payload)}\n"
    assert value[32:] == payload
    read = loads(value)
    assert same(read, flat)
    assert read.base is value and not read.flags.writeable and read.flags.aligned

    column = array(name, (2, 3), payload, "F")
    value = dumps(column)
    assert describe(value) == f"array {name} [2, 3] column-major, bytes 32..{32 + len(payload)}\n"
    assert value[32:] == payload
    read = loads(value)
    assert same(read, column) and read.flags.f_contiguous and read.base is value and read.flags.aligned


@pytest.mark.parametrize("name", DTYPES)
def test_byte_orders_and_gaps(name):
    payload = bytes(range(1, 241)) if name != "bool" else bytes([0, 1, 1] * 80)
    plain = array(name, (2, 3), payload[: 6 * DTYPES[name].itemsize])
    expected = dumps(plain)
    swapped = plain.byteswap().view(plain.dtype.newbyteorder())
    assert dumps(swapped) == expected
    assert dumps(np.asfortranarray(swapped)) == dumps(np.asfortranarray(plain))
    wide = np.zeros((4, 5), plain.dtype)
    wide[::2, ::2] = plain
    assert dumps(wide[::2, ::2]) == expected
    assert dumps(wide[::2, ::2].T) == dumps(np.ascontiguousarray(plain.T))
    assert dumps(plain[::-1, ::-1][::-1, ::-1]) == expected
    assert dumps(np.broadcast_to(plain[:1], (2, 3))) == dumps(np.ascontiguousarray(plain[[0, 0]]))


def test_arrays_of_other_classes():
    plain = np.arange(4, dtype="u1")
    assert dumps(plain.view(np.recarray)) == dumps(plain)
    unaligned = np.frombuffer(b"x" + plain.tobytes(), "u1", offset=1).view("<u2")
    assert dumps(unaligned) == dumps(unaligned.copy())
    # A dtype that is equal to NumPy's own, and another object.
    assert dumps(plain.astype(np.dtype("u1", metadata={"unit": "m"}))) == dumps(plain)


def test_memory_maps(tmp_path):
    mapped = np.memmap(tmp_path / "map", "<f4", "w+", shape=(2, 3), order="F")
    mapped[:] = [[1, 2, 3], [4, 5, 6]]
    assert dumps(mapped) == dumps(np.asfortranarray(np.array([[1, 2, 3], [4, 5, 6]], "f4")))


@pytest.mark.parametrize("shape", [(), (0,), (1,), (0, 3), (3, 0, 2), (1, 5), (5, 1), (1,) * 32, (0, 2**60)])
def test_shapes(shape):
    plain = np.zeros(shape, "f4")
    value = dumps(plain)
    read = loads(value)
    assert read.shape == shape and read.dtype == plain.dtype and read.flags.c_contiguous
    assert not read.flags.writeable
    assert loads(value, copy=True).flags.writeable


def test_order_means_something_for_two_dims_only():
    for shape in [(1, 5), (5, 1), (3, 0), (7,), ()]:
        assert dumps(np.zeros(shape, "f4", order="F")) == dumps(np.zeros(shape, "f4"))


def test_bits_of_nans():
    bits = np.array([0x7F800001, 0xFFA00001, 0x7FC12345], "<u4")
    assert loads(dumps(bits.view("f4"))).tobytes() == bits.tobytes()
    assert loads(dumps(bits.view("f4").byteswap().view(">f4"))).tobytes() == bits.tobytes()
    assert dumps(bits.view("f4")[0])[16:] == b"\xce\x01\0\x80\x7f"
    payload = struct.unpack("<d", bytes.fromhex("010000000000f87f"))[0]
    assert struct.pack("<d", loads(dumps(payload))) == bytes.fromhex("010000000000f87f")


def test_large_values():
    value = dumps({"text": "€" * 1000, "bytes": bytes(5000), "list": list(range(1000)), "deep": [[["x"]]]})
    assert loads(value, lists="list") == {
        "text": "€" * 1000,
        "bytes": bytes(5000),
        "list": list(range(1000)),
        "deep": [[["x"]]],
    }


def test_128_levels():
    deep: list = []
    for _ in range(127):
        deep = [deep]
    read = loads(dumps(deep))
    for _ in range(127):
        (read,) = read
    assert read == []
