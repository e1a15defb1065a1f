"""The other side of tests/foreign_live.rs: redis-py and the encoders and decoders that people use, as they use them.

    live.py write URL PREFIX    stores values under keys that begin so, and prints what they are, as JSON
    live.py read URL PREFIX     reads what Rust stored under such keys, and asserts what it is

ndwire has no part in it.
"""

import io
import json
import struct
import sys

import ml_dtypes
import msgpack_numpy
import numpy as np
import redis

SECONDS = 60


def to_text(array):
    return f"{array.dtype}|{','.join(map(str, array.shape))}|".encode() + array.tobytes()


def from_text(data):
    dtype, shape, payload = data.split(b"|", 2)
    return np.frombuffer(payload, dtype.decode()).reshape([int(dim) for dim in shape.split(b",")])


def to_dims(array):
    rows, columns = array.shape
    return struct.pack(">II", rows, columns) + array.tobytes()


def from_dims(data, dtype):
    rows, columns = struct.unpack(">II", data[:8])
    return np.frombuffer(data, dtype, offset=8).reshape(rows, columns)


def to_npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def from_npy(data):
    return np.load(io.BytesIO(data), allow_pickle=False)


def same(found, expected):
    """Dtype, shape and every bit."""
    return (found.dtype, found.shape, found.tobytes()) == (expected.dtype, expected.shape, expected.tobytes())


PLAIN = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
TIMES = ["M8[ns]", "M8[D]", "m8[us]", "m8"]
NEW = [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2]
RECORD = np.dtype([("id", "<u4"), ("at", [("x", "<f4"), ("y", "<f4")]), ("ok", "?"), ("rgb", "u1", (3,))])


def numbers(dtype):
    """Six numbers that every dtype has."""
    return np.array([[0, 1, 2], [3, 4, 6]], "i8").astype(dtype)


def records():
    return np.array([(7, (0.5, -1.5), True, (1, 2, 3)), (2**32 - 1, (1e30, 0), False, (0, 128, 255))], RECORD)


def arrays():
    for dtype in PLAIN + TIMES + NEW:
        array = numbers(dtype)
        yield array
        yield np.asfortranarray(array)
        # Views whose memory is not one block, and other ranks.
        yield np.repeat(array, 2, axis=1)[:, ::2]
        yield array.reshape(3, 1, 2)
        yield array[1]
        yield array[:0]
        yield array[1, 1:2].reshape(())
        if dtype not in NEW and array.dtype.itemsize > 1:
            yield array.astype(array.dtype.newbyteorder(">"))
            yield np.asfortranarray(array.astype(array.dtype.newbyteorder(">")))


def write(client, prefix):
    stored = []

    def store(encoding, data, **what):
        key = f"{prefix}python:{len(stored)}"
        client.set(key, data, ex=SECONDS)
        stored.append({"key": key, "encoding": encoding, **what})

    for array in arrays():
        dtype = array.dtype.newbyteorder("<")
        what = {
            "dtype": str(dtype),
            "shape": list(array.shape),
            "payload": array.astype(dtype).tobytes().hex(),
        }
        # What Python itself does not read back is none of anybody's values.
        if array.dtype.kind not in "Mm" and dtype not in NEW:
            store("msgpack-numpy", msgpack_numpy.packb(array), order="C", **what)
        if array.ndim > 0:
            store("text-header", to_text(array), order="C", **what)
        if array.ndim == 2:
            store(f"dims-header:{array.dtype}", to_dims(array), order="C", **what)
        if dtype not in NEW:
            order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous and array.size else "C"
            store("npy", to_npy(array), order=order, **what)
    scalars = [np.bool_(True), np.int8(-5), np.uint64(2**64 - 1), np.float32(0.5), np.float64(-0.0)]
    for scalar in scalars + [7, -1.5, "text", None]:
        json_value = scalar.item() if isinstance(scalar, np.generic) else scalar
        store("msgpack-numpy", msgpack_numpy.packb(scalar), scalar=json_value)
    store("msgpack-numpy", msgpack_numpy.packb(records()), records=True)
    store("npy", to_npy(records()), records=True)
    store("npy", to_npy(records().astype(RECORD.newbyteorder(">"))), records=True)
    frame = {
        "camera": "north",
        "image": np.arange(24, dtype="u1").reshape(2, 3, 4),
        "pose": {"rotation": np.asfortranarray(np.eye(3)), "at": [0.5, -1.0, np.float32(2)]},
        "tracks": [np.arange(n, dtype=">f4") for n in range(3)],
        "points": records(),
        "note": None,
        "blob": b"\x00\xff",
    }
    store("msgpack-numpy", msgpack_numpy.packb(frame), frame=True)
    print(json.dumps(stored))


def read(client, prefix):
    count = 0

    def get(name):
        nonlocal count
        count += 1
        data = client.get(f"{prefix}rust:{name}")
        assert data is not None, name
        return data

    def is_equal(name, found, expected):
        assert isinstance(found, np.ndarray) and same(found, expected), f"{name}: {found!r}, expected {expected!r}"

    for dtype in PLAIN + TIMES + NEW:
        expected = numbers(dtype)
        name = expected.dtype.name
        if dtype not in NEW:
            for order in "CF":
                found = msgpack_numpy.unpackb(get(f"{name}:{order}:msgpack-numpy"))
                is_equal(name, found, expected)
                found = from_npy(get(f"{name}:{order}:npy"))
                is_equal(name, found, expected)
                assert found.flags.f_contiguous == (order == "F"), f"{name}: {found.flags}"
        for order in "CF":
            is_equal(name, from_text(get(f"{name}:{order}:text-header")), expected)
            is_equal(name, from_dims(get(f"{name}:{order}:dims-header"), dtype), expected)
    scalars = {"bool": True, "int": -7, "big": 2**64 - 1, "float": 0.5, "text": "größe", "nil": None}
    for scalar, expected in scalars.items():
        found = msgpack_numpy.unpackb(get(scalar))
        assert type(found) is type(expected) and found == expected, f"{scalar}: {found!r}"
    is_equal("records", msgpack_numpy.unpackb(get("records:msgpack-numpy")), records())
    is_equal("records", from_npy(get("records:npy")), records())

    frame = msgpack_numpy.unpackb(get("frame"))
    assert list(frame) == ["camera", "image", "pose", "tracks", "points", "note", "blob"], list(frame)
    assert (frame["camera"], frame["note"], frame["blob"]) == ("north", None, b"\x00\xff"), frame
    is_equal("image", frame["image"], np.arange(24, dtype="u1").reshape(2, 3, 4))
    is_equal("rotation", frame["pose"]["rotation"], np.eye(3))
    is_equal("at", frame["pose"]["at"], np.array([0.5, -1, 2]))
    assert len(frame["tracks"]) == 3
    for n, track in enumerate(frame["tracks"]):
        is_equal(f"tracks {n}", track, np.arange(n, dtype="<f4"))
    is_equal("points", frame["points"], records())
    print(f"read: {count} values")


def main():
    mode, url, prefix = sys.argv[1:]
    {"write": write, "read": read}[mode](redis.from_url(url), prefix)


main()
