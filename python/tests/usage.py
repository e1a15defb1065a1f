"""What a user's program looks like to a type checker: `mypy --strict` passes it, and `test_types.py` sees to that."""

from typing import Any, assert_type

import numpy as np

import ndwire
from ndwire import describe, dumps, loads

value = dumps({"id": 7, "pixels": np.zeros((2, 3), np.float32), "tags": ["a", "b"]})
assert_type(value, bytes)
assert_type(loads(value), Any)
assert_type(loads(bytearray(value), lists="list", copy=True), Any)
assert_type(loads(memoryview(value)), Any)
assert_type(dumps(1, limit=None), bytes)
assert_type(loads(dumps(1, limit=100), limit=100), Any)
assert_type(describe(value), str)
assert_type(ndwire.__version__, str)

try:
    loads(b"")
except ndwire.Error as error:
    assert_type(error.kind, str)
    assert_type(error.path, str | None)
    assert_type(error.offset, int | None)
    refused: ValueError = error

# Each of these is an error to the type checker, and if it were none, "unused ignore" would be.
dumps()  # type: ignore[call-arg]
loads("text")  # type: ignore[arg-type]
loads(value, lists="tuple")  # type: ignore[arg-type]
loads(value, "list")  # type: ignore[call-arg]
dumps(1, 100)  # type: ignore[call-arg]
loads(value, limit="1 MiB")  # type: ignore[arg-type]
describe(None)  # type: ignore[arg-type]
