"""What holds of every object."""

import ml_dtypes
import numpy as np
from helpers import DTYPES, ROW_SCALARS, same
from hypothesis import example, given
from hypothesis import strategies as st

from ndwire import Error, describe, dumps, loads

# -- arrays ------------------------------------------------------------------------------------------------------------------


@st.composite
def arrays(draw):
    """Of every dtype, rank 0 to 5, with dims of 0, any bits, either byte order, any order of dims, steps and gaps."""
    dtype = DTYPES[draw(st.sampled_from(sorted(DTYPES)))]
    shape = draw(st.lists(st.integers(0, 4), max_size=5))
    count = int(np.prod(shape, dtype=int))
    payload = draw(st.binary(min_size=count * dtype.itemsize, max_size=count * dtype.itemsize))
    if dtype.kind == "b":
        payload = bytes(byte & 1 for byte in payload)
    array = np.frombuffer(payload, "u1").view(dtype) if payload else np.zeros(0, dtype)
    if draw(st.booleans()):
        array = array.view(dtype.newbyteorder())
    array = array.reshape(shape, order=draw(st.sampled_from("CF")))
    array = array.transpose(draw(st.permutations(range(len(shape)))))
    steps = tuple(slice(None, None, draw(st.sampled_from([1, 1, 1, 2, -1, -2]))) for _ in shape)
    # With the dots an array of rank 0 stays an array.
    return array[(*steps, ...)]


def bits(array):
    """The elements in logical order, little endian, by way of nothing but integers of the same width."""
    width = array.dtype.itemsize
    contiguous = np.frombuffer(array.tobytes(), "u1").reshape(-1, width)
    if array.dtype.byteorder == ">":
        half = width // 2 if array.dtype.kind == "c" else width
        contiguous = contiguous.reshape(-1, half)[:, ::-1]
    return contiguous.tobytes()


@given(arrays())
@example(np.zeros((), "f4"))
@example(np.zeros((0, 5), ">M8[ns]", order="F"))
def test_arrays_come_back(array):
    value = dumps(array)
    read = loads(value)
    little = array.dtype.newbyteorder("<")
    assert read.dtype == little and read.shape == array.shape
    assert bits(read) == bits(array)
    assert dumps(read) == value and dumps(loads(value, copy=True)) == value
    column_major = array.flags.f_contiguous and not array.flags.c_contiguous
    assert (" column-major" in describe(value)) == column_major
    assert read.flags.aligned and (read.base is value) and not read.flags.writeable
    # The same in a map, in a list, and as a buffer.
    inner = loads(dumps({"x": [array, "y"]}))["x"][0]
    assert same(inner, read)
    assert same(loads(bytearray(value)), read)


@given(arrays())
def test_a_value_does_not_change_with_the_array(array):
    own = array.copy(order="K")
    value = dumps(own)
    own[...] = np.ones((), own.dtype) if own.dtype.kind != "M" else np.datetime64("NaT")
    assert value == dumps(array.copy(order="K"))


# -- objects -----------------------------------------------------------------------------------------------------------------

ints = st.integers(-(2**127), 2**128 - 1) | st.integers(-300, 300)
texts = st.text(st.characters(codec="utf-8"), max_size=40)
scalars = st.none() | st.booleans() | ints | st.floats() | texts | st.binary(max_size=40)
keys = texts | st.integers(-5, 5) | st.binary(max_size=3)
objects = st.recursive(
    scalars | st.lists(st.integers(-100, 100)) | st.lists(st.none() | st.floats()),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(keys, inner, max_size=5)
    | st.lists(st.fixed_dictionaries({"a": inner, "b": st.integers(0, 9), "c": st.none() | st.floats()}), max_size=4),
    max_leaves=30,
)


@given(objects)
@example([[1], [2, 3], []])
@example([{"a": 1}, {"a": None}])
@example([[[[1]]]])
@example([None, None])
@example([True, 1])
def test_objects_come_back_as_lists(obj):
    value = dumps(obj)
    assert same(loads(value, lists="list"), obj)
    assert dumps(loads(value, lists="list")) == value


@given(objects)
def test_arrays_hold_what_lists_hold(obj):
    def plain(part):
        """Arrays as lists, by what their dtypes say."""
        if isinstance(part, np.ndarray):
            if (part.dtype.metadata or {}).get("ndwire") == "optional":
                return [value.item() if present else None for present, value in part]
            if part.dtype.names:
                return [{name: plain(row[name]) for name in part.dtype.names} for row in part]
            return part.tolist()
        if isinstance(part, np.void):
            if (part.dtype.metadata or {}).get("ndwire") == "optional":
                return part["value"].item() if part["present"] else None
            return {name: plain(part[name]) for name in part.dtype.names}
        if isinstance(part, np.generic):
            return part.item()
        if isinstance(part, list):
            return [plain(element) for element in part]
        if isinstance(part, dict):
            return {key: plain(value) for key, value in part.items()}
        return part

    value = dumps(obj)
    assert same(plain(loads(value)), obj)
    assert same(plain(loads(value, copy=True)), obj)


@given(objects)
def test_tuples_are_read_as_lists(obj):
    def tuples(part):
        if isinstance(part, list):
            return tuple(map(tuples, part))
        if isinstance(part, dict):
            return {key: tuples(value) for key, value in part.items()}
        return part

    assert same(loads(dumps(tuples(obj)), lists="list"), obj)


# -- one type of Rust, one type of Python ------------------------------------------------------------------------------------


def outline(part):
    """The types of a value, without how many and which."""
    if isinstance(part, list):
        kinds = {repr(outline(element)) for element in part if element is not None}
        return ["list", sorted(kinds)]
    if isinstance(part, dict):
        return ["dict", [[key, outline(value)] for key, value in part.items()]]
    return type(part).__name__


RUST = {
    "Vec<f32>": np.float32,
    "Vec<u8>": np.uint8,
    "Vec<bool>": np.bool_,
    "Vec<Option<i32>>": lambda i: None if i % 2 else np.int32(i),
    "Vec<(u8, f32)>": lambda i: (np.uint8(i), np.float32(i)),
    "Vec<(u8, String)>": lambda i: (np.uint8(i), str(i)),
    "Vec<[f32; 3]>": lambda i: (np.float32(i),) * 3,
    "Vec<[[u8; 2]; 2]>": lambda i: ((np.uint8(i),) * 2,) * 2,
    "Vec<Vec<i64>>": lambda i: [i, i],
    "Vec<Sample>": lambda i: {"id": np.uint8(i), "at": (np.float32(i), np.float32(i)), "inner": {"x": np.int64(i)}},
    "Vec<Named>": lambda i: {"id": np.uint8(i), "name": str(i), "at": (np.float64(i), np.float64(i))},
    "Vec<Gaps>": lambda i: {"id": i, "score": None if i == 1 else np.float32(i)},
    "Vec<Tagged>": lambda i: {"id": i, "tags": ["x"] * i},
    "Vec<String>": str,
    "Vec<Frame>": lambda i: {"id": i, "pixels": np.full((2, 3), i, "u1")},
}


@given(st.sampled_from(sorted(RUST)), st.sampled_from([1, 2, 3, 100]), st.booleans())
def test_one_type_however_many_elements(name, count, inside):
    def written(count):
        elements = [RUST[name](i) for i in range(count)]
        return {"samples": elements} if inside else elements

    def read(count):
        found = loads(dumps(written(count)), lists="list")
        return found["samples"] if inside else found

    assert read(0) == [] and type(read(0)) is list
    many = read(count)
    assert type(many) is list and len(many) == count
    first = read(1)
    assert same(first[0], many[0])
    shapes = {repr(outline(element)) for element in many if element is not None}
    # A struct whose own parts may be absent or empty is one type all the same.
    assert len(shapes) == 1 or name in ("Vec<Gaps>", "Vec<Tagged>")
    assert all(type(element) is type(first[0]) or element is None for element in many)


# -- rows --------------------------------------------------------------------------------------------------------------------


@st.composite
def row_dtypes(draw, depth=0):
    name = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6)
    names = draw(st.lists(name, min_size=1, max_size=4, unique=True))
    fields = []
    for name in names:
        kind = draw(st.sampled_from("ssrmto" if depth < 2 else "sro"))
        scalar = DTYPES[draw(st.sampled_from(ROW_SCALARS))]
        scalar = scalar.newbyteorder() if draw(st.booleans()) else scalar
        if kind == "m":
            fields.append((name, draw(row_dtypes(depth + 1))))
        elif kind == "t":
            inner = draw(row_dtypes(depth + 1))
            places = [(f"f{index}", inner[name]) for index, name in enumerate(inner.names)]
            fields.append((name, np.dtype(places, metadata={"ndwire": "tuple"})))
        elif kind == "r":
            fields.append((name, scalar, tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))))
        elif kind == "o":
            optional = np.dtype([("present", "?"), ("value", scalar)], metadata={"ndwire": "optional"})
            fields.append((name, optional))
        else:
            fields.append((name, scalar))
    return np.dtype(fields, align=draw(st.booleans()))


def packed(dtype):
    """The dtype without padding, little endian."""
    if dtype.subdtype:
        return np.dtype((packed(dtype.subdtype[0]), dtype.shape))
    if not dtype.names:
        return dtype.newbyteorder("<")
    fields = [(name, packed(dtype[name])) for name in dtype.names]
    return np.dtype(fields, metadata=dict(dtype.metadata)) if dtype.metadata else np.dtype(fields)


def make_sound(part):
    """Bools are bools, and what is absent is zero, or else the same object has two forms."""
    if part.dtype.names:
        for name in part.dtype.names:
            make_sound(part[name])
        if (part.dtype.metadata or {}).get("ndwire") == "optional":
            part["value"][~part["present"]] = 0
    elif part.dtype.kind == "b":
        part[...] = part.view("u1") & 1


@given(row_dtypes(), st.integers(0, 5), st.randoms(use_true_random=False))
def test_rows_come_back(dtype, count, random):
    rows = np.frombuffer(bytearray(random.randbytes(count * dtype.itemsize)), dtype).copy()
    make_sound(rows)
    try:
        value = dumps(rows)
    except Error as error:
        # SPEC.md, 5.3; or 5.2, where the places of a tuple turned out alike.
        way_out = "write each field as an array of its own, or the rows as a list of dicts"
        assert str(error) in (
            f"a row is presented as too many maps, lists and names for its bytes: {way_out}",
            f"a tuple of one scalar or subarray, expected a subarray: {way_out}",
        )
        return
    read = loads(value)
    expected = packed(dtype)
    assert read.dtype == expected and read.shape == (count,)
    normal = rows.astype(expected)
    assert read.tobytes() == normal.tobytes()
    assert dumps(read) == value and dumps(normal) == value
    assert dumps(rows[::-1][::-1]) == value
    # Read as lists and written again it is the same data.
    assert len(loads(value, lists="list")) == count


def test_ml_dtypes_scalars():
    for dtype in (ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2):
        read = loads(dumps(dtype(1.5)))
        assert read.shape == () and read.dtype == np.dtype(dtype) and float(read) == 1.5
