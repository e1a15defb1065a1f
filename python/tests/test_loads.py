"""What is read: views, copies, buffers, lists."""

import gc
import mmap
import weakref

import numpy as np
import pytest
from helpers import framed, golden, same

from ndwire import Error, describe, dumps, loads


def test_views_share_the_bytes_and_keep_them():
    value = dumps({"a": np.arange(1000, dtype="f8"), "b": np.arange(5, dtype="u1")})
    read = loads(value)
    for part in read.values():
        assert part.base is value
        assert np.shares_memory(part, np.frombuffer(value, "u1"))
    part = read["a"]
    del value, read
    gc.collect()
    assert part.sum() == 499500
    with pytest.raises(ValueError, match="read-only"):
        part[0] = 1


def test_copies_are_their_own():
    value = dumps({"a": np.asfortranarray(np.ones((2, 3))), "b": [1, 2, 3], "c": [{"x": 1}, {"x": 2}]})
    read = loads(value, copy=True)
    for part in read.values():
        assert part.base is None and part.flags.writeable and part.flags.owndata
        assert not np.shares_memory(part, np.frombuffer(value, "u1"))
    assert read["a"].flags.f_contiguous
    read["b"][0] = 7
    read["c"]["x"][:] = 7
    assert loads(value)["b"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("make", [bytearray, memoryview, lambda value: np.frombuffer(value, "u1").copy()])
def test_what_may_change_is_copied_once(make):
    value = dumps({"a": np.arange(3), "b": np.arange(4)})
    buffer = make(value)
    read = loads(buffer)
    assert same(read, loads(value))
    assert type(read["a"].base) is bytes and read["a"].base is read["b"].base
    assert describe(buffer) == describe(value)
    if not isinstance(buffer, memoryview):
        memoryview(buffer)[:] = bytes(len(value))
        assert read["b"].tolist() == [0, 1, 2, 3]


def test_a_mapped_file(tmp_path):
    path = tmp_path / "value"
    path.write_bytes(dumps(np.arange(4)))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert loads(mapped).tolist() == [0, 1, 2, 3]


def test_a_subclass_of_bytes():
    class Reply(bytes):
        pass

    value = Reply(dumps(np.arange(4)))
    read = loads(value)
    assert read.base is value


def test_the_input_is_let_go():
    class Reply(bytes):
        pass

    value = Reply(dumps({"a": np.arange(4), "b": "x"}))
    gone = weakref.ref(value) if Reply.__weakrefoffset__ else None
    read = loads(value)
    del value
    gc.collect()
    assert gone is None or gone() is read["a"].base


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            "text",
            "expected bytes or another buffer, found str: give the client decode_responses=False, since text loses bytes",
        ),
        (None, "expected bytes or another buffer, found None: is the key missing?"),
        (7, "expected bytes or another buffer, found int"),
    ],
)
def test_what_is_no_buffer_is_a_type_error(data, message):
    for function in (loads, describe):
        with pytest.raises(TypeError) as error:
            function(data)
        assert str(error.value) == message


def test_lists_is_one_of_two():
    with pytest.raises(ValueError) as error:
        loads(dumps(1), lists="lists")
    assert str(error.value) == 'lists is neither "array" nor "list"'


def test_small_lists_are_aligned_too():
    for before in range(16):
        value = dumps([b"x" * before, [1.0, 2.0, 3.0]])
        floats = loads(value)[1]
        assert floats.flags.aligned and not floats.flags.writeable
        assert floats.tolist() == [1.0, 2.0, 3.0]
    large = dumps([b"x", [1.0] * 64])
    assert loads(large)[1].base is large


def test_optional_scalars():
    read = loads(dumps([1.5, None, 2.5]))
    assert read.dtype == np.dtype([("present", "?"), ("value", "<f8")])
    assert read.dtype.metadata == {"ndwire": "optional"}
    assert read["value"][read["present"]].tolist() == [1.5, 2.5]
    assert loads(dumps([1.5, None, 2.5]), lists="list") == [1.5, None, 2.5]
    # What stands under an absent one is no part of the value.
    changed = read.copy()
    changed["value"][1] = 9
    assert dumps(changed) == dumps([1.5, None, 2.5]) == dumps(read)


def test_tuples():
    value = dumps([(1, 2.5), (3, 4.5)])
    read = loads(value)
    assert read.dtype == np.dtype([("f0", "<i8"), ("f1", "<f8")]) and read.dtype.metadata == {"ndwire": "tuple"}
    assert dumps(read) == dumps(read[::-1][::-1]) == value
    assert loads(value, lists="list") == [[1, 2.5], [3, 4.5]]


def test_one_struct_or_tuple_is_an_array():
    for count in (1, 2, 3):
        structs = loads(dumps([{"a": 1, "b": 2.5}] * count))
        assert structs.dtype == np.dtype([("a", "<i8"), ("b", "<f8")]) and structs.shape == (count,)
        tuples = loads(dumps([(1, 2.5)] * count))
        assert tuples.dtype == np.dtype([("f0", "<i8"), ("f1", "<f8")]) and tuples.shape == (count,)


def test_a_table_of_text_without_rows():
    assert loads(framed(b"\xd7\xb1\x81a\xc0\x00")) == []
    assert loads(framed(b"\xd7\xa2\x10\xc0\x00"), lists="list") == []
    read = loads(framed(b"\xd7\xa2\x10\x11\x00"))
    assert read.dtype == np.dtype([("f0", "u1"), ("f1", "<u2")]) and read.shape == (0,)


def test_rows_with_parts_of_no_fixed_size():
    samples = [
        {"id": 1, "name": "a", "at": (0.5, 1.5), "score": None, "pixels": np.arange(3, dtype="u1")},
        {"id": 2, "name": "b", "at": (2.5, 3.5), "score": 0.5, "pixels": np.arange(4, dtype="u1")},
    ]
    value = dumps(samples)
    assert describe(value) == "rows {id: i64, name: node, at: f64 [2], score: optional f64, pixels: node} [2]\n"
    first, second = loads(value)
    assert (first["id"], first["name"], first["score"], second["score"]) == (1, "a", None, 0.5)
    assert same(first["at"], np.array([0.5, 1.5])) and same(second["pixels"], samples[1]["pixels"])
    first, second = loads(value, lists="list")
    assert first["at"] == [0.5, 1.5] and same(second["pixels"], samples[1]["pixels"])


def test_one_width_of_floats_and_one_text():
    assert same(loads(golden("f32_one_half")), 1.5)
    assert same(loads(dumps(np.float32(0.1))), float(np.float32(0.1)))
    assert same(loads(golden("char_00007f")), "\x7f") and same(loads(golden("char_10ffff")), "\U0010ffff")
    assert loads(golden("some_nil")) is None and loads(golden("some_some_some_nil")) is None


def test_describe_reads_the_head_alone():
    value = dumps({"id": 7, "pixels": np.zeros((80, 80), "u2")})
    text = "map, 2 entries\n  id: uint\n  pixels: array u16 [80, 80], bytes 48..12848\n"
    assert describe(value) == describe(value[:33]) == text
    with pytest.raises(Error) as error:
        describe(value[:32])
    assert str(error.value) == "metadata is truncated: needed 17 bytes, 16 left, at byte 16"
    assert (error.value.kind, error.value.offset) == ("truncated", 16)


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("map_same_keys", "duplicate_field", "a: the key stands in the map more than once, or equals another in Python: write the map as a list of pairs"),
        # Among them 1 and true, which are one key in Python.
        (
            "map_any_keys",
            "duplicate_field",
            "<key>: the key stands in the map more than once, or equals another in Python: write the map as a list of pairs",
        ),
    ],
)
def test_keys_that_python_cannot_have(name, kind, message):
    with pytest.raises(Error) as error:
        loads(golden(name))
    assert (str(error.value), error.value.kind, error.value.path) == (message, kind, message.split(":")[0])


@pytest.mark.parametrize("key", [[], ["a", 1], [1, 2], {}, np.array(1)])
def test_keys_that_cannot_be_hashed(key):
    meta = dumps(key)[16 : 16 + dumps(key)[8]]
    payload = dumps(key)[32:] if isinstance(key, np.ndarray) else b""
    with pytest.raises(Error) as error:
        loads(framed(b"\xb1" + meta + b"\x01", payload))
    assert str(error.value) == "<key>: a key that is a list, a map or an array is no key of a dict: write the map as a list of pairs"
    assert error.value.kind == "unsupported"


def test_keys_that_are_equal_in_python_alone():
    value = bytearray(dumps({1: "a", 2.0: "b"}))
    # The key 1.0 beside the key 1.
    one = dumps({1.0: "b"})
    meta = b"\xb2\x01\x81a" + one[17:]
    with pytest.raises(Error) as error:
        loads(framed(meta))
    assert str(error.value) == "<key>: the key stands in the map more than once, or equals another in Python: write the map as a list of pairs"
    assert loads(bytes(value)) == {1: "a", 2.0: "b"}


def test_bytes_that_were_decoded_as_text_are_known():
    for codec in ("utf-8", "latin-1"):
        text = dumps({"a": np.arange(4)}).decode(codec, "replace")
        with pytest.raises(Error) as error:
            loads(text.encode())
        assert error.value.kind == "not_ndwire"
        assert str(error.value) == (
            "not an ndwire value: found an ndwire value that was decoded as text on the way, which destroys it: "
            "ask the client for bytes (in Python: decode_responses=False), at byte 0"
        )
