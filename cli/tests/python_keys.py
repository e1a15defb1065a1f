"""What a fleet in Python keeps in Redis with msgpack-numpy: `write SOCKET` writes it, `check SOCKET` reads it and compares.

Both make the same values from the same seed. After a migration there and back, `check` must find them equal.
"""

import sys

import msgpack
import msgpack_numpy
import numpy as np
import redis


def values():
    random = np.random.default_rng(7)
    dtypes = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
    for number in range(200):
        dtype = np.dtype(dtypes[number % len(dtypes)])
        shape = tuple(random.integers(0, 5, size=random.integers(0, 4)))
        array = random.integers(0, 100, size=shape).astype(dtype)
        if dtype.kind == "f":
            array = np.asarray(array + dtype.type(0.25))
            array.flat[:1] = np.nan
        yield f"array:{number}", array
        yield f"fortran:{number}", np.asfortranarray(array)
    for number in range(50):
        frames = [random.integers(0, 1000, size=(3, 4)).astype("u2") for _ in range(number % 4)]
        yield f"document:{number}", {
            "id": number,
            "name": f"Größe {number}",
            "score": number / 3,
            "raw": bytes(range(number)),
            "ok": number % 2 == 0,
            "nothing": None,
            "tags": ["a", "b", number],
            "frames": frames,
            "embedding": random.standard_normal(16).astype("f4"),
            "nested": {"deep": [{"mask": random.integers(0, 2, size=(2, 2)).astype("?")}]},
        }
    samples = np.zeros(9, dtype=[("ts", "<i8"), ("x", "<f4"), ("at", "<f4", (3,)), ("ok", "?")])
    samples["ts"] = np.arange(9)
    samples["at"] = np.arange(27).reshape(9, 3)
    yield "table", samples
    for number in range(20):
        yield f"plain:{number}", {"id": number, "list": [1, 2, 3]}


def equal(one, other, path):
    if isinstance(other, np.ndarray):
        assert isinstance(one, np.ndarray), (path, type(one))
        assert (one.dtype, one.shape) == (other.dtype, other.shape), (path, one.dtype, one.shape)
        assert np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes(), path
    elif isinstance(other, dict):
        assert list(one) == list(other), (path, one.keys())
        for key in other:
            equal(one[key], other[key], f"{path}.{key}")
    elif isinstance(other, list):
        assert type(one) is list and len(one) == len(other), (path, one)
        for index, (left, right) in enumerate(zip(one, other)):
            equal(left, right, f"{path}[{index}]")
    else:
        assert type(one) is type(other) and one == other, (path, one, other)


def main():
    what, socket = sys.argv[1:]
    server = redis.Redis(unix_socket_path=socket)
    count = 0
    for key, value in values():
        if what == "write":
            server.set(key, msgpack.packb(value, default=msgpack_numpy.encode), ex=100_000 if count % 3 == 0 else None)
        else:
            found = msgpack.unpackb(server.get(key), object_hook=msgpack_numpy.decode)
            equal(found, value, key)
            assert (server.ttl(key) > 0) == (count % 3 == 0), key
        count += 1
    print(f"{what}: {count} values")


main()
