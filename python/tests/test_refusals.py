"""What is refused, with the exact message: where, and what to do instead."""

import array
import datetime
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from decimal import Decimal

import ml_dtypes
import numpy as np
import pytest
from helpers import framed, golden
from numpy._core._multiarray_umath import _get_sfloat_dtype

from ndwire import Error, describe, dumps, loads

ANYTHING_ELSE = (
    "use a dict, list, tuple, str, bytes, int, float, bool or None of what is in it (dataclasses.asdict()), or np.asarray()"
)
BEYOND_ARRAYS = "is more than an array: use np.asarray(), and write the rest (as a mask) beside it"
A_ROW_HOLDS = "only bool, integers, f32 and f64: write the field as"


@dataclass
class Sample:
    id: int


class Own(np.ndarray):
    pass


REFUSED = {
    "times ten": (
        np.zeros(2, "M8[10ns]"),
        'there are no arrays of datetime64[10ns], a multiple of a unit: use .astype("M8[ns]")',
    ),
    "days in weeks": (
        np.zeros((), "m8[7D]"),
        'there are no arrays of timedelta64[7D], a multiple of a unit: use .astype("m8[D]")',
    ),
    "text": (np.array(["a"]), "there are no arrays of str32: write a list of str (.tolist())"),
    "variable text": (
        np.array(["a"], "T"),
        "there are no arrays of StringDType128: write a list of str (.tolist())",
    ),
    "bytes": (
        np.array([b"ab"]),
        'there are no arrays of bytes16: write a list of bytes (.tolist()), or its bytes as numbers (.view("u1"))',
    ),
    "void": (np.zeros(2, "V3"), "there are no arrays of void24: use .view() as numbers, or name its fields"),
    "void scalar": (np.void(b"abc"), "there are no arrays of void24: use .view() as numbers, or name its fields"),
    "objects": (
        np.array([None]),
        "there are no arrays of object: write a list of its elements (.tolist()), or give it a dtype; objects are never pickled",
    ),
    "int4": (
        np.zeros(2, ml_dtypes.int4),
        "there are no arrays of int4: use .view() as integers of the same width",
    ),
    "a dtype without scalars": (
        np.zeros(2).view(_get_sfloat_dtype()(0.5)),
        "there are no arrays of _ScaledFloatTestDType64: use .astype() to one that the format has, or write a list (.tolist())",
    ),
    "a bool of 2": (np.array([0, 2], "u1").view("?"), "bool is neither 0 nor 1"),
    "rank 33": (np.zeros((1,) * 33), "rank 33 exceeds the limit of 32"),
    "masked": (np.ma.array([1, 2], mask=[0, 1]), f"numpy.ma.MaskedArray {BEYOND_ARRAYS}"),
    "matrix": (np.zeros((2, 2)).view(Own), f"test_refusals.Own {BEYOND_ARRAYS}"),
    "set": ({1}, "there is no form for set: use sorted() or list()"),
    "frozenset": (frozenset(), "there is no form for frozenset: use sorted() or list()"),
    "complex": (1j, "there is no form for complex: use np.complex128()"),
    "array.array": (array.array("f", [1]), "there is no form for array.array: use np.asarray()"),
    "datetime": (
        datetime.datetime(2020, 1, 1),
        "there is no form for datetime.datetime: use np.datetime64(), .timestamp() or .isoformat()",
    ),
    "date": (
        datetime.date(2020, 1, 1),
        "there is no form for datetime.date: use np.datetime64(), .timestamp() or .isoformat()",
    ),
    "timedelta": (
        datetime.timedelta(1),
        "there is no form for datetime.timedelta: use np.timedelta64() or .total_seconds()",
    ),
    "decimal": (Decimal(1), f"there is no form for decimal.Decimal: {ANYTHING_ELSE}"),
    "dataclass": (Sample(1), f"there is no form for test_refusals.Sample: {ANYTHING_ELSE}"),
    "a name of two lines": (
        type("a\nb", (), {"__module__": "m"})(),
        f"there is no form for m.a\\nb: {ANYTHING_ELSE}",
    ),
    "function": (len, f"there is no form for builtin_function_or_method: {ANYTHING_ELSE}"),
    "range": (range(3), f"there is no form for range: {ANYTHING_ELSE}"),
    "too large": (2**128, "an int has more than 128 bits: write it as str or bytes"),
    "too small": (-(2**127) - 1, "an int has more than 128 bits: write it as str or bytes"),
    "surrogate": (
        "\ud800",
        'a str is no valid Unicode (it has surrogates): write .encode("utf-8", "surrogatepass")',
    ),
    "memoryview with a shape": (
        memoryview(np.zeros((2, 2), "u1")),
        "a memoryview is written as bytes, and this one has a shape or a type: use np.asarray(), or .cast(\"B\") for its bytes",
    ),
    "memoryview of floats": (
        memoryview(np.zeros(2, "f4")),
        "a memoryview is written as bytes, and this one has a shape or a type: use np.asarray(), or .cast(\"B\") for its bytes",
    ),
    "tuple as a key": (
        {(1, 2): 3},
        "<key>: a key of a dict is a str, an int or another single value: join the parts to a str",
    ),
    "array as a key": (
        {np.complex128(1): 3},
        "<key>: a key of a dict is a str, an int or another single value: join the parts to a str",
    ),
    "rows of rank 2": (
        np.zeros((2, 3), [("a", "u1")]),
        "structured arrays are written as a list of rows, and this one has shape [2, 3]: use .reshape(-1), and write the shape "
        "beside it",
    ),
    "half floats in rows": (
        np.zeros(2, [("a", "u1"), ("b", "f2")]),
        f"b: a row cannot hold f16, {A_ROW_HOLDS} an array of its own, or use .view()",
    ),
    "no rows of half floats": (
        np.zeros(0, [("b", "f2")]),
        f"b: a row cannot hold f16, {A_ROW_HOLDS} an array of its own, or use .view()",
    ),
    "times in rows": (
        np.zeros(2, [("b", "M8[ns]")]),
        f"b: a row cannot hold datetime64[ns], {A_ROW_HOLDS} an array of its own, or use .view()",
    ),
    "complex in a row": (
        np.zeros((), [("a", [("b", "c8", (2,))])])[()],
        f"a.b: a row cannot hold complex64, {A_ROW_HOLDS} an array of its own, or use .view()",
    ),
    "text in rows": (np.zeros(2, [("b", "U3")]), f"b: a row cannot hold str96, {A_ROW_HOLDS} a list or an array of its own"),
    "objects in rows": (
        np.zeros(2, [("b", "O")]),
        f"b: a row cannot hold object, {A_ROW_HOLDS} a list or an array of its own",
    ),
    "long doubles in rows": (
        np.zeros(2, [("b", "g")]),
        f"b: a row cannot hold {np.dtype('g').name}, {A_ROW_HOLDS} a list or an array of its own",
    ),
    "structures in arrays": (
        np.zeros(2, [("b", [("c", "u1")], (2,))]),
        "b: a row holds no array of structures: give each a field of its own",
    ),
    "titles": (
        np.zeros(2, [(("title", "b"), "u1")]),
        "b: fields have a name and no title: give the dtype without it",
    ),
    "no fields": (np.zeros(2, []), "there are no rows without a field: write their number"),
    "1,025 fields": (
        np.zeros(2, [(f"a{i}", "u1") for i in range(1025)]),
        "a row holds at most 1024 numbers and arrays: found 1025; write them as arrays of their own, or the rows as maps",
    ),
    "a name that is no text": (
        np.zeros(2, [("\ud800", "u1")]),
        "the name of a field is no valid Unicode: rename it",
    ),
    "a bool of 2 in rows": (np.array([2], "u1").view([("a", "?")]), "bool is neither 0 nor 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    obj, message = REFUSED[name]
    with pytest.raises(Error) as error:
        dumps(obj)
    assert str(error.value) == message
    assert error.value.offset is None


@pytest.mark.parametrize("name", [name for name in REFUSED if not REFUSED[name][1].startswith("<key>")])
def test_refused_by_path(name):
    obj, message = REFUSED[name]
    inner = "" if not message.split(" ")[0].endswith(":") else "." + message.split(":")[0]
    message = message.removeprefix(inner[1:] + ": ") if inner else message
    with pytest.raises(Error) as error:
        dumps({"frames": [1, ("x", {"pixels": obj})]})
    assert error.value.path == f"frames[1][1].pixels{inner}"
    assert str(error.value) == f"{error.value.path}: {message}"


def test_what_is_said_of_rows_works():
    array = np.array([(1, [2, 3])], [("n" * 300, "i8"), ("p", "i8", (2,))])
    with pytest.raises(Error):
        dumps(array)
    fields = loads(dumps({name: array[name] for name in array.dtype.names}))
    assert all((fields[name] == array[name]).all() for name in array.dtype.names)
    rows = loads(dumps([{name: row[name] for name in array.dtype.names} for row in array]))
    assert rows[0]["n" * 300] == 1 and (rows[0]["p"] == [2, 3]).all()


@pytest.mark.parametrize("text", ["\ud800", "a\udcff", "\udfff\ud800"])
def test_what_is_said_of_surrogates_works(text):
    with pytest.raises(Error) as error:
        dumps(text)
    codec = re.fullmatch(r'.*: write \.encode\("(.*)", "(.*)"\)', str(error.value)).groups()
    assert loads(dumps(text.encode(*codec))).decode(*codec) == text


@pytest.mark.parametrize("dtype", ["longdouble", "clongdouble"])
def test_long_doubles(dtype):
    width = "float64" if dtype == "longdouble" else "complex128"
    message = f'there are no arrays of {np.dtype(dtype).name}: use .astype("{width}"), which rounds'
    for obj in (np.zeros(2, dtype), np.zeros(2, dtype)[0]):
        with pytest.raises(Error) as error:
            dumps(obj)
        assert str(error.value) == message


def test_kinds():
    def kind(obj):
        with pytest.raises(Error) as error:
            dumps(obj)
        return error.value.kind

    assert kind({1}) == "unsupported"
    assert kind(np.zeros((1,) * 33)) == "too_large"
    assert kind(np.array([2], "u1").view("?")) == "malformed"


def test_nested_too_deep():
    message = "nested too deep: found 129 levels, the limit is 128"
    endless_list: list = []
    endless_list.append(endless_list)
    endless_dict: dict = {}
    endless_dict["self"] = endless_dict
    lists: list = ["x"]
    for _ in range(128):
        lists = [lists]
    shaped: object = np.zeros((1,) * 32)
    for _ in range(97):
        shaped = [shaped]
    paths = {"[0]" * 128: (endless_list, lists), ".".join(["self"] * 128): (endless_dict,), "[0]" * 97: (shaped,)}
    for path, objects in paths.items():
        for obj in objects:
            with pytest.raises(Error) as error:
                dumps(obj)
            assert (str(error.value), error.value.kind, error.value.path) == (f"{path}: {message}", "too_deep", path)
    assert dumps(lists[0]) and dumps(shaped[0])


def test_names_in_paths_are_one_short_line():
    with pytest.raises(Error) as error:
        dumps({"a\nb" + "x" * 100: {1}})
    assert error.value.path == "a\\nb" + "x" * 61 + "…"


def test_an_error_can_be_made_and_pickled():
    import copy
    import pickle

    mine = Error("mine")
    assert (mine.kind, mine.path, mine.offset, str(mine)) == ("custom", None, None, "mine")
    assert issubclass(Error, ValueError) and Error.__module__ == "ndwire"
    with pytest.raises(Error) as error:
        loads(b"\xc1NDW\x01\0\0\0")
    for again in (pickle.loads(pickle.dumps(error.value)), copy.copy(error.value)):
        assert (str(again), again.kind, again.offset) == (str(error.value), "truncated", error.value.offset)


@pytest.mark.parametrize("name", ["array_u128", "array_i128"])
def test_arrays_that_numpy_has_not(name):
    dtype = name.removeprefix("array_")
    with pytest.raises(Error) as error:
        loads(golden(name))
    assert str(error.value) == (
        f"NumPy has no dtype for arrays of {dtype}: write it as a list, which Python reads as ints, or as two u64 for each"
    )
    assert error.value.kind == "unsupported"
    # In a map, with its path.
    meta = b"\xb1\x81a\xd6\x14\x01\x01"
    with pytest.raises(Error) as error:
        loads(framed(meta, bytes(16)))
    assert error.value.path == "a"


HIDDEN = {
    "a\u202eb": r"a\u{202e}b",
    "\u2028": r"\u{2028}",
    "\u200b\ufeff": r"\u{200b}\u{feff}",
    "\U000e0041": r"\u{e0041}",
    "\xad\u3164": r"\u{ad}\u{3164}",
    "\n\x1b": r"\n\u{1b}",
    r"\u{1b}": r"\\u{1b}",
    "x" * 65: "x" * 64 + "…",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_names_that_are_not_seen_are_escaped(name):
    shown = HIDDEN[name]
    with pytest.raises(Error) as error:
        dumps({name: {1}})
    assert (error.value.path, str(error.value)) == (shown, f"{shown}: there is no form for set: use sorted() or list()")
    assert describe(dumps({name: 1})) == f"map, 1 entry\n  {shown}: uint\n"
    value = dumps({name: np.zeros(1, "u1")})
    # An array of u128, which NumPy has not.
    meta = value[16 : 16 + value[8]].replace(b"\xd6\x10\x01\x01", b"\xd6\x14\x01\x01")
    with pytest.raises(Error) as error:
        loads(framed(meta, bytes(16)))
    assert error.value.path == shown


def test_without_ml_dtypes():
    script = """
        import sys
        sys.modules["ml_dtypes"] = None
        import numpy as np, ndwire
        value = bytes.fromhex(sys.argv[1])
        try:
            ndwire.loads(value)
        except ndwire.Error as error:
            print(error)
        # Nothing else needs it.
        print(ndwire.loads(ndwire.dumps({"a": np.ones(2, "f2")})), ndwire.describe(value), end="")
    """
    value = dumps(np.ones(2, ml_dtypes.bfloat16))
    command = [sys.executable, "-c", textwrap.dedent(script), value.hex()]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == (
        "arrays of bf16 need the package ml_dtypes: pip install ml_dtypes\n"
        "{'a': array([1., 1.], dtype=float16)} array bf16 [2], bytes 32..36\n"
    )
    assert run.stderr == ""


def test_ml_dtypes_is_imported_when_it_is_needed():
    script = """
        import sys
        import numpy as np, ndwire
        assert ndwire.loads(ndwire.dumps({"a": np.ones(2, "f2"), "b": np.ones(2)}))["b"].sum() == 2
        assert "ml_dtypes" not in sys.modules
        assert ndwire.loads(bytes.fromhex(sys.argv[1])).dtype.name == "bfloat16"
        assert "ml_dtypes" in sys.modules
    """
    value = dumps(np.ones(2, ml_dtypes.bfloat16))
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script), value.hex()], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
