"""Writes what Python keeps in Redis: the files of tests/golden/python.

    make_python_golden.py --check    makes every file again, in memory, and compares
    make_python_golden.py            writes the folder `more` and its manifest anew

It needs the very versions of `scripts/python.txt`, on a little-endian machine. ndwire has no part in it.
"""

import ast
import hashlib
import io
import json
import struct
import sys
import warnings
from pathlib import Path

import ml_dtypes
import msgpack
import msgpack_numpy
import numpy as np
from numpy.lib import recfunctions as structured

FOLDER = Path(__file__).parent / "python"
VERSIONS = {"numpy": "2.4.6", "msgpack": "1.2.4", "msgpack_numpy": "0.4.8", "ml_dtypes": "0.6.0"}


# --- the encoders, as people write them, and their decoders ---


def to_text(array):
    return f"{array.dtype}|{','.join(map(str, array.shape))}|".encode() + array.tobytes()


def from_text(data, _):
    dtype, shape, payload = data.split(b"|", 2)
    return np.frombuffer(payload, dtype.decode()).reshape([int(dim) for dim in shape.decode().split(",")])


def to_dims(array):
    rows, columns = array.shape
    return struct.pack(">II", rows, columns) + array.tobytes()


def from_dims(data, dtype):
    return np.frombuffer(data, dtype, offset=8).reshape(struct.unpack_from(">II", data))


def to_npy(array):
    with io.BytesIO() as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that of a header of version 3.0
        np.save(file, array)
        return file.getvalue()


def from_npy(data, _):
    return np.load(io.BytesIO(data), allow_pickle=False)


def to_msgpack(array):
    return msgpack_numpy.packb(array)


def from_msgpack(data, _):
    return msgpack_numpy.unpackb(data)


ENCODINGS = {
    "msgpack": (to_msgpack, from_msgpack),
    "texthdr": (to_text, from_text),
    "ii": (to_dims, from_dims),
    "npy": (to_npy, from_npy),
}


# --- cases ---


def little(array):
    """The values, little endian and in C order."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def array_of(case):
    """The array that a case of the manifest was made of."""
    text = case["dtype"]
    dtype = np.dtype(ast.literal_eval(text) if text[0] in "[{" else getattr(ml_dtypes, text, text))
    payload = bytes.fromhex(case["payload_le_c_hex"])
    # Python has no empty buffer that an array could lie on.
    values = np.frombuffer(payload, dtype.newbyteorder("<")) if payload else np.empty(0, dtype)
    # Not where nothing changes: `astype` leaves what it likes in the padding of structs.
    array = values.reshape(case["shape"]).astype(dtype, copy=values.dtype != dtype)
    return np.asfortranarray(array) if case["order"] == "F" else array


def extras():
    """Values that are not one array, by the names that the manifest has for them."""
    old = dict(default=msgpack_numpy.encode, use_bin_type=False)
    records = np.array([(1, 0.5), (-2, 1.5)], [("id", "<i4"), ("x", "<f8")])
    return {
        "scalar_f4": msgpack_numpy.packb(np.float32(1.5)),
        "scalar_bool": msgpack_numpy.packb(np.True_),
        "pycomplex": msgpack_numpy.packb(1 + 2j),
        "dict_of_arrays": msgpack_numpy.packb(
            {"a": np.arange(3, dtype="u1"), "b": {"c": np.ones((1, 2), "f4")}, "n": None, "s": "txt"}
        ),
        "object_array_PICKLE": msgpack_numpy.packb(np.array([1, "a", None], object)),
        "u2_3_old_wire": msgpack.packb(np.arange(3, dtype="u2"), **old),
        # These are in `more`.
        "scalar_f2": msgpack_numpy.packb(np.float16(1.5)),
        "scalar_f8": msgpack_numpy.packb(np.float64(1.5)),
        "scalar_i8": msgpack_numpy.packb(np.int64(-7)),
        "scalar_u8": msgpack_numpy.packb(np.uint64(2**64 - 1)),
        "scalar_be": msgpack_numpy.packb(np.array(258, ">i2")[()]),
        "scalar_c16": msgpack_numpy.packb(np.complex128(1 - 2j)),
        "pycomplex_special": msgpack_numpy.packb([complex("nan+infj"), complex("-0.0-1e-320j"), 1e308j]),
        "document_old_wire": msgpack.packb({"a": np.arange(3, dtype="u1"), "s": b"raw", "n": [None, True, -1]}, **old),
        "scalar_old_wire": msgpack.packb(np.float32(1.5), **old),
        "records_old_wire": msgpack.packb(records, **old),
        "numbers": msgpack.packb(
            [0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**64 - 1]
            + [-1, -32, -33, -128, -129, -32768, -32769, -(2**31), -(2**31) - 1, -(2**63)]
            + [0.5, -0.0, float("inf"), None, True, False]
        ),
        "single_floats": msgpack.packb([0.5, -0.0, float("inf")], use_single_float=True),
        "lengths": msgpack.packb(
            ["", "é" * 15, "s" * 32, "s" * 256, b"", b"b" * 255, b"b" * 256]
            + [[], [1] * 15, [1] * 16, [None] * 256, {}]
            + [{str(key): key for key in range(count)} for count in (15, 16)]
        ),
        "keys": msgpack.packb({"text": 1, b"bytes": 2, 3: 4, None: 5, True: 6, 0.5: 7}),
        "timestamp": msgpack.packb(msgpack.Timestamp(1, 2)),
        "ext": msgpack.packb([msgpack.ExtType(42, b"secret")]),
        "list_of_arrays": msgpack_numpy.packb([np.arange(2, dtype="f4"), records, records[:1], records[:0]]),
    }


def normal(array):
    """The same values as ndwire writes them: little endian, structs without padding and titles."""
    array = array.astype(array.dtype.newbyteorder("<"))
    if not array.dtype.names:
        return array
    array = structured.repack_fields(array, recurse=True)
    return array.astype([(name, array.dtype[name]) for name in array.dtype.names])


def more():
    """Name -> array. For what is not written back as it came, `…_normal` is what is written."""
    cases = further()
    known = json.loads((FOLDER / "manifest.json").read_text())["cases"]
    known = {name: array_of(case) for name, case in known.items()}
    return cases | {
        f"{name}_normal": normal(array)
        for name, array in (known | cases).items()
        if normal(array).dtype.descr != array.dtype.descr
    }


def further():
    point = [("x", "<f4"), ("y", "<f4")]
    nested = np.array([((1, 2), 3, True), ((4, 5), 6, False)], [("p", point), ("id", "<u8"), ("ok", "?")])
    mixed_order = np.array([(1, 2, 3.5), (4, 5, -6.5)], [("big", ">i4"), ("little", "<i4"), ("real", ">f8")])
    numbers = np.array([[0, 1, -1], [2.5, -3.5, 42]])
    return {
        "u8_2x3": np.array([[0, 1, 2], [2**64 - 1, 2**63, 42]], "u8"),
        "c16_2x2": np.array([[0, 1.5 + 2j], [-1j, complex("nan-infj")]], "c16"),
        "c8be_2": np.array([1.5 + 2j, -0.25j], ">c8"),
        "f2be_2x3": numbers.astype(">f2"),
        "u2be_2x3_F": np.asfortranarray(np.arange(6).reshape(2, 3).astype(">u2")),
        "i8_2x3x2_F": np.asfortranarray(np.arange(12).reshape(2, 3, 2)),
        "u1_1x3_F": np.asfortranarray(np.arange(3, dtype="u1").reshape(1, 3)),
        "f8_scalar0d": np.array(-0.0),
        "u1_0x4x0": np.empty((0, 4, 0), "u1"),
        "u1_rank32": np.arange(4, dtype="u1").reshape((1,) * 30 + (2, 2)),
        "m8s_3": np.array([0, -1, "NaT"], "m8[s]"),
        "m8_2": np.array([1, 2], "m8"),
        "M8as_1": np.array([1], "M8[as]"),
        "M8be_2": np.array([1, 2], ">M8[ms]"),
        "M8_10ns_2": np.array([1, 2], "M8[10ns]"),
        "bf16_2x3": numbers.astype(ml_dtypes.bfloat16),
        "float8_e5m2_1x2": np.array([[1.5, -2]], ml_dtypes.float8_e5m2),
        "int4_2": np.array([1, -2], ml_dtypes.int4),
        "longdouble_2": np.zeros(2, np.longdouble),
        "void_2": np.array([b"abc", b"d|f"], "V3"),
        "struct_nested_2": nested,
        "struct_nested_1": nested[:1],
        "struct_nested_0": nested[:0],
        "struct_nested_0d": np.array(nested[0], nested.dtype),
        "struct_nested_2x1": nested.reshape(2, 1),
        "struct_be_2": mixed_order,
        "struct_one_2": np.array([(1,), (2,)], [("only", "<i2")]),
        "struct_sub_2x2_2": np.array([(np.eye(2), 1), (np.ones((2, 2)), 2)], [("m", "<f8", (2, 2)), ("k", "u1")]),
        "struct_sub_be_1": np.array([([1, 2],)], [("v", ">u2", (2,))]),
        "struct_unicode_2": np.array([(1, 2), (3, 4)], [("größe", "<i4"), ("名", "<i4")]),
        "struct_half_2": np.array([(1, 2), (3, 4)], [("a", "<i4"), ("half", "<f2")]),
        "struct_time_1": np.array([(1, 2)], [("a", "<i4"), ("when", "<M8[s]")]),
        "struct_titled_1": np.array([(1, 2)], [(("the title", "a"), "<i4"), ("b", "<i4")]),
    }


def described(array):
    dtype = array.dtype
    return {
        "dtype": str(dtype),
        "dtype_str": dtype.str,
        "descr": dtype.descr if dtype.names else None,
        "shape": list(array.shape),
        "order": "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C",
        "payload_le_c_hex": little(array).hex(),
    }


# --- files ---


def encoded(array, encoding):
    """The bytes and how Python reads them back, or why they cannot be written."""
    write, read = ENCODINGS[encoding]
    try:
        data = write(array)
    except Exception as error:
        return None, {"encode_error": f"{type(error).__name__}: {error}"}
    try:
        again = read(data, array.dtype)
        # Whether a struct is `aligned` is in no file.
        same_dtype = again.dtype == array.dtype or again.dtype.descr == array.dtype.descr != [("", array.dtype.str)]
        # Padding is not copied by all of NumPy.
        values_of = (lambda values: repr(values.tolist())) if array.dtype.names else np.ndarray.tobytes
        same_values = values_of(again) == values_of(array)
        same = same_dtype and again.shape == array.shape and same_values
        how = "ok" if same else f"WRONG {again.dtype}"
    except Exception as error:
        how = f"ERROR {type(error).__name__}: {error}"
    return data, {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "python_decode": how}


def files_of(name, array):
    """Ending -> entry of the manifest, and file -> bytes."""
    entries, files = {}, {}
    for encoding in ENCODINGS:
        data, entry = encoded(array, encoding)
        if data is not None:
            file = f"{name}.{encoding}"
            files[file] = data
            entry = {"file": file, **entry}
        entries[encoding] = entry
    return entries, files


def write_more():
    known = json.loads((FOLDER / "manifest.json").read_text())
    folder = FOLDER / "more"
    folder.mkdir(exist_ok=True)
    cases, files = {}, {}
    for name, array in more().items():
        entries, made = files_of(name, array)
        cases[name] = {**described(array), "files": entries}
        files |= made
    others = {}
    for name, data in extras().items():
        if name not in known["extras"]:
            others[name] = {"file": f"x_{name}.msgpack", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            files[f"x_{name}.msgpack"] = data
    for file, data in files.items():
        (folder / file).write_bytes(data)
    manifest = {"generated_with": VERSIONS, "cases": cases, "extras": others}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"written: {len(files)} files")


def check(folder, arrays, wrong):
    manifest = json.loads((folder / "manifest.json").read_text())
    made = {f"x_{name}.msgpack": data for name, data in extras().items() if name in manifest["extras"]}
    for name, case in manifest["cases"].items():
        array = arrays(name, case)
        if little(array).hex() != case["payload_le_c_hex"]:
            wrong.append(f"{name}: other values")
        entries, files = files_of(name, array)
        made |= files
        for encoding, entry in entries.items():
            expected = case["files"][encoding]
            for key in ("file", "size", "sha256", "python_decode", "encode_error"):
                # Which error it is depends on how the reader is written.
                places = slice(None, 2) if key == "python_decode" else slice(None)
                if str(entry.get(key))[places] != str(expected.get(key))[places]:
                    wrong.append(f"{name}.{encoding}: {key}: {entry.get(key)}, expected {expected.get(key)}")
    there = {path.name for path in folder.iterdir() if path.is_file()} - {"README.md", "manifest.json"}
    wrong += [f"{file}: on one side only" for file in sorted(there ^ made.keys())]
    for file in sorted(there & made.keys()):
        if (folder / file).read_bytes() != made[file]:
            wrong.append(f"{file}: other bytes")
    return len(made)


def main():
    for module in (np, msgpack, ml_dtypes):
        found = module.__version__ if hasattr(module, "__version__") else ".".join(map(str, module.version))
        if found != VERSIONS[module.__name__]:
            sys.exit(f"{module.__name__} {found} found, {VERSIONS[module.__name__]} expected: see scripts/python.txt")
    if sys.argv[1:] == ["--check"]:
        wrong = []
        arrays = more()
        count = check(FOLDER, lambda _, case: array_of(case), wrong) + check(
            FOLDER / "more", lambda name, _: arrays[name], wrong
        )
        if wrong:
            sys.exit("\n".join(wrong))
        print(f"python golden: {count} of {count} files are what Python writes")
    elif not sys.argv[1:]:
        write_more()
    else:
        sys.exit(__doc__)


main()
