"""NumPy arrays, dicts and tables as one compact value, shared with Rust: what a Redis key holds.

>>> import numpy as np, ndwire
>>> value = ndwire.dumps({"id": 7, "embedding": np.ones(3, "f4")})
>>> ndwire.loads(value)["embedding"]
array([1., 1., 1.], dtype=float32)

`dumps` writes an object, `loads` reads one, `describe` shows what is where. Whatever cannot be written exactly is refused with an
`Error`, a `ValueError`, that says where and what to do instead. Nothing is ever pickled or unpickled.
"""

from ._ndwire import Error, __version__, describe, dumps, loads

__all__ = ["Error", "__version__", "describe", "dumps", "loads"]
