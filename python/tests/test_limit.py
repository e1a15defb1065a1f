"""How large a value may be: what is said of one that is larger, and that it is seen before it is copied."""

import mmap
import resource
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from ndwire import Error, describe, dumps, loads

DEFAULT = 512 << 20


def message(length, limit, at_least=""):
    return (
        f"value of {at_least}{length} bytes exceeds the limit of {limit}: give dumps and loads a larger limit, or limit=None "
        "(Redis holds at most 512 MiB in a key)"
    )


OBJECTS = {
    "array": np.zeros(100, "u1"),
    "empty array": np.zeros(0),
    "column-major array": np.zeros((20, 30)).T,
    "big endian array": np.zeros(100, ">i8"),
    "array with gaps": np.zeros(100, "i4")[::3],
    "array of one element, many times": np.broadcast_to(np.float32(1), (30, 40)),
    "structured array": np.zeros(100, [("a", "u1"), ("b", "f4")]),
    "structured array with padding": np.zeros(100, np.dtype([("a", "u1"), ("b", "f8")], align=True)),
    "structured array of one row": np.zeros(1, [("a", "u1", (700,))]),
    "structured scalar": np.zeros((), [("a", "i8"), ("b", "i8")])[()],
    "numbers that are written shorter": [np.int64(5), {"a": np.int64(5)}, "x"],
    "a list of numbers": list(range(1000)),
    "text": "größe" * 100,
    "bytes": bytes(1000),
    "bytearray": bytearray(1000),
    "memoryview": memoryview(bytes(1000)),
    "dict": {"a": np.zeros(100, "u1"), "b": ["x" * 600, b"y" * 600], "c": None},
    "dicts with the same keys": [{"a rather long name of a field": 1, "b": 2.5}] * 100,
    "an int": 7,
    "None": None,
}


@pytest.mark.parametrize("name", OBJECTS)
def test_a_value_may_have_as_many_bytes_as_the_limit(name):
    obj = OBJECTS[name]
    value = dumps(obj)
    assert dumps(obj, limit=len(value)) == dumps(obj, limit=None) == dumps(obj, limit=2**64 - 1) == value
    for limit in (0, 1, len(value) // 2, len(value) - 1):
        with pytest.raises(Error) as error:
            dumps(obj, limit=limit)
        assert (error.value.kind, error.value.offset) == ("limit_exceeded", None)
        text = str(error.value).removeprefix(f"{error.value.path}: ")
        found = int(text.removeprefix("value of ").removeprefix("at least ").split()[0])
        assert limit < found <= len(value)
        assert text in (message(found, limit), message(found, limit, "at least "))


@pytest.mark.parametrize("buffer", [bytes, bytearray, memoryview, lambda value: np.frombuffer(value, "u1")])
def test_what_is_read_may_have_as_many_bytes_as_the_limit(buffer):
    value = buffer(dumps({"a": list(range(100))}))
    assert len(loads(value, limit=len(value))["a"]) == len(loads(value, limit=None)["a"]) == 100
    with pytest.raises(Error) as error:
        loads(value, limit=len(value) - 1)
    assert (str(error.value), error.value.kind) == (message(len(value), len(value) - 1), "limit_exceeded")
    assert (error.value.path, error.value.offset) == (None, None)
    assert describe(value)


def test_it_is_said_where_the_limit_is_exceeded():
    frames = {"frames": [np.zeros(300, "u1"), {"pixels": np.zeros((2, 100), ">u2"), "text": "x" * 300}]}
    table = {
        250: ("frames[0]", 300),
        600: ("frames[1].pixels", 700),
        900: ("frames[1].text", 1000),
    }
    for limit, (path, found) in table.items():
        with pytest.raises(Error) as error:
            dumps(frames, limit=limit)
        assert error.value.path == path
        assert str(error.value) == f"{path}: {message(found, limit, 'at least ')}"
    value = dumps(frames)
    with pytest.raises(Error) as error:
        dumps(frames, limit=len(value) - 1)
    assert str(error.value) == message(len(value), len(value) - 1)


@pytest.mark.parametrize("limit", [-1, 2**64])
def test_a_limit_is_a_number_of_bytes(limit):
    with pytest.raises(OverflowError):
        dumps(1, limit=limit)
    with pytest.raises(OverflowError):
        loads(dumps(1), limit=limit)


def test_nothing_large_is_copied_to_be_refused():
    """Arrays and buffers of nothing but pages that no one has touched: a copy would need them."""
    large = 2 * DEFAULT
    pages = mmap.mmap(-1, large)
    zeros = np.zeros(large // 4, "f4")
    rows = np.zeros(large // 5, [("a", "u1"), ("b", "f4")])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for obj in (zeros, zeros.astype(zeros.dtype, copy=False)[::2].T, {"a": [zeros]}, zeros.view(">f4"), rows, {"a": rows}):
        with pytest.raises(Error) as error:
            dumps(obj, limit=DEFAULT if obj is not zeros else DEFAULT // 2)
        assert error.value.kind == "limit_exceeded"
    for read in (pages, memoryview(pages)):
        with pytest.raises(Error) as error:
            loads(read)
        assert str(error.value) == message(large, DEFAULT)
    with pytest.raises(Error) as error:
        dumps([memoryview(pages)])
    assert str(error.value) == f"[0]: {message(large, DEFAULT, 'at least ')}"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_value_of_more_than_512_mib():
    """In a process of its own, which gives the memory back."""
    script = """
        import numpy as np, ndwire
        array = np.zeros(512 << 20, "u1")
        array[-1] = 7
        try:
            ndwire.dumps(array)
        except ndwire.Error as error:
            print(error.kind, str(error).split(":")[0])
        value = ndwire.dumps(array, limit=None)
        del array
        try:
            ndwire.loads(value)
        except ndwire.Error as error:
            print(error.kind, str(error).split(":")[0])
        print(ndwire.describe(value), end="")
        again = ndwire.loads(value, limit=600 << 20)
        print(again.shape, again[-1], again.base is value)
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True)
    exceeded = "limit_exceeded value of 536870944 bytes exceeds the limit of 536870912\n"
    assert run.stdout == exceeded * 2 + "array u8 [536870912], bytes 32..536870944\n(536870912,) 7 True\n"
    assert run.stderr == ""
