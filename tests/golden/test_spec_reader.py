"""Runs the reader of the appendix of SPEC.md on every golden file and accepted vector, and compares with the strict reader."""

import json
import re
import sys
from pathlib import Path

import numpy as np

from ndwire_format import RECURSION, SIZES
from ndwire_reader import load
from ndwire_schema import inner, leaf_width, node_leaves
from test_spec_tables import build, table

GOLDEN = Path(__file__).parent


def numpy_dtype(name):
    """The dtype that a name of section 4 has in NumPy; those that NumPy lacks are bytes without a meaning."""
    if name == "bool":
        return np.dtype("?")
    size = SIZES[name]
    if size == 16 and name[0] in "ui" or name[:2] in ("f8", "bf"):
        return np.dtype("V%d" % size)
    if name.endswith("[generic]"):
        name = name[:-len("[generic]")]
    return np.dtype(name if name[0] in "cdt" else "<%s%d" % (name[0], size))


def schema_dtype(schema):
    """The dtype of the fixed part of rows without node leaves."""
    if schema[0] == "optional":
        return np.dtype([("present", "?"), ("value", numpy_dtype(schema[1]))])
    if schema[0] == "subarray":
        return np.dtype((numpy_dtype(schema[1]), tuple(schema[2])))
    if schema[0] == "scalar":
        return numpy_dtype(schema[1])
    return np.dtype([(name, schema_dtype(below)) for name, below in zip(names(schema), inner(schema))])


def names(schema):
    """The names of the fields of a tuple or map."""
    return [name for name, _ in schema[1]] if schema[0] == "map" else ["f%d" % at for at in range(len(schema[1]))]


def same_row(found, schema, fixed, nodes):
    """Whether a row has the next bytes of the fixed part and the next nodes."""
    if schema[0] == "node":
        return same(found, next(nodes))
    if inner(schema):
        cells = zip(found.values(), inner(schema))
        return list(found) == names(schema) and all([same_row(cell, below, fixed, nodes) for cell, below in cells])
    cells = list(found.values()) if schema[0] == "optional" and list(found) == ["present", "value"] else [found]
    return b"".join(cell.tobytes() for cell in cells) == bytes(next(fixed) for _ in range(leaf_width(schema)))


def same_rows(found, dump):
    """Whether rows are an array of the fixed part, or a list of rows with nodes."""
    _, schema, count, fixed, nodes = dump
    if node_leaves(schema) == 0:
        like = np.zeros(count, schema_dtype(schema))
        return isinstance(found, np.ndarray) and (found.dtype, found.shape, found.tobytes().hex()) == (
            like.dtype, like.shape, fixed)
    fixed, nodes = iter(bytes.fromhex(fixed)), iter(nodes)
    alike = len(found) == count and all([same_row(row, schema, fixed, nodes) for row in found])
    return alike and next(fixed, None) is next(nodes, None) is None


def same_array(found, dump):
    """Whether an array has that dtype, shape, memory order and those elements."""
    _, name, dims, order, raw = dump
    ordered = found.flags.f_contiguous if order == "F" else found.flags.c_contiguous
    return ordered and (found.dtype, found.shape, found.tobytes(order).hex()) == (numpy_dtype(name), tuple(dims), raw)


def same_map(found, dump):
    """Whether a map has these entries in this order."""
    texts = {chr(key[1]) if key[0] == "char" else key[1] for key, _ in dump[1] if key[0] in ("str", "char")}
    if isinstance(found, dict) != (len(texts) == len(dump[1])):
        return False
    entries = list(found.items()) if isinstance(found, dict) else found
    pairs = zip(entries, dump[1])
    return len(entries) == len(dump[1]) and all(same(a, c) and same(b, d) for (a, b), (c, d) in pairs)


def is_(kind, value):
    """Whether it is a value of just that type."""
    return lambda found, dump: type(found) is kind and found == value(dump)


SAME = {
    "nil": lambda found, _: found is None,
    "bool": is_(bool, lambda dump: dump[1]),
    "int": is_(int, lambda dump: int(dump[1])),
    "f32": lambda found, dump: type(found) is np.float32 and found.tobytes().hex() == dump[1],
    "f64": lambda found, dump: type(found) is np.float64 and found.tobytes().hex() == dump[1],
    "char": is_(str, lambda dump: chr(dump[1])),
    "str": is_(str, lambda dump: dump[1]),
    "bytes": is_(bytes, lambda dump: bytes.fromhex(dump[1])),
    "list": lambda found, dump: (type(found) is list and len(found) == len(dump[1])
                                 and all(map(same, found, dump[1]))),
    "map": same_map,
    "some": lambda found, dump: type(found) is tuple and len(found) == 1 and same(found[0], dump[1]),
    "array": same_array,
    "rows": same_rows,
}


def same(found, dump):
    """Whether what was read is what the dump says."""
    return SAME[dump[0]](found, dump)


def cases():
    """The name, bytes and dump of each golden file and of each accepted vector."""
    for case in json.loads((GOLDEN / "v1/index.json").read_text(encoding="utf-8")):
        yield case["name"], (GOLDEN / "v1" / (case["name"] + ".ndw")).read_bytes(), case["dump"]
    vectors = (GOLDEN / "../../docs/vectors.md").read_text(encoding="utf-8").splitlines()
    for meta, data, _ in table(vectors, "META"):
        value = build(meta, data)
        yield meta, value, load(value)


def main():
    """Read every value; 1 if one is read as something else."""
    sys.setrecursionlimit(RECURSION)
    text = (GOLDEN / "../../SPEC.md").read_text(encoding="utf-8")
    [program] = re.findall(r"^```python\n(.*?)^```$", text.split("\n## Appendix", 1)[1], re.M | re.S)
    lines = sum(bool(line.strip()) for line in program.splitlines())
    assert lines <= 80, "%d lines" % lines
    appendix = {}
    exec(program, appendix)
    agreed = [same(appendix["read"](value), dump) or print(ascii(name)) for name, value, dump in cases()]
    print("appendix: %d of %d values agree" % (sum(map(bool, agreed)), len(agreed)))
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())
