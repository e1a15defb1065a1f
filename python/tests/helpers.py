"""What the tests share: the dtypes, equality to the last bit, and the golden files."""

import json
import struct
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
GOLDEN = REPOSITORY / "tests" / "golden" / "v1"

UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"]

# By the names of SPEC.md, section 4.
DTYPES: dict[str, np.dtype] = {
    "bool": np.dtype("?"),
    **{f"{kind}{8 * size}": np.dtype(f"<{kind}{size}") for kind in "ui" for size in (1, 2, 4, 8)},
    "f16": np.dtype("<f2"),
    "f32": np.dtype("<f4"),
    "f64": np.dtype("<f8"),
    "f8e4m3fn": np.dtype(ml_dtypes.float8_e4m3fn),
    "bf16": np.dtype(ml_dtypes.bfloat16),
    "f8e5m2": np.dtype(ml_dtypes.float8_e5m2),
    "complex64": np.dtype("<c8"),
    "complex128": np.dtype("<c16"),
    **{f"datetime64[{unit}]": np.dtype("<M8" if unit == "generic" else f"<M8[{unit}]") for unit in UNITS},
    **{f"timedelta64[{unit}]": np.dtype("<m8" if unit == "generic" else f"<m8[{unit}]") for unit in UNITS},
}
ROW_SCALARS = ["bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64"]


def array(name: str, shape: tuple[int, ...], payload: bytes, order: str = "C") -> np.ndarray:
    """An array of these bytes, made without the package."""
    flat = np.frombuffer(payload, f"V{DTYPES[name].itemsize}").view(DTYPES[name])
    return flat.reshape(shape, order=order)


def same(one: Any, other: Any) -> bool:
    """The same types, and the same to the last bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        order = one.flags.f_contiguous and not one.flags.c_contiguous
        return (
            one.dtype == other.dtype
            and one.dtype.metadata == other.dtype.metadata
            and one.shape == other.shape
            and order == (other.flags.f_contiguous and not other.flags.c_contiguous)
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one), list(other)) and all(same(one[key], other[key]) for key in one)
    return one == other


def golden_index() -> list[dict[str, Any]]:
    return json.loads((GOLDEN / "index.json").read_text("utf-8"))


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}.ndw").read_bytes()


# The names of the golden files, the smallest first.
CASES_BY_SIZE = [path.stem for path in sorted(GOLDEN.glob("*.ndw"), key=lambda path: (path.stat().st_size, path.stem))]


def crc32c(data: bytes) -> int:
    """SPEC.md, 2.1, bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def framed(meta: bytes, payload: bytes = b"") -> bytes:
    """The value with this metadata, and with this payload behind it."""
    header = b"\xc1NDW\x01\0\0\0" + len(meta).to_bytes(4, "little")
    value = header + crc32c(header + meta).to_bytes(4, "little") + meta
    return value + bytes(-len(value) % 16) + payload if payload else value
