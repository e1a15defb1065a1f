"""Checks which values another implementation accepts: `check_accepted.py FILE`.

FILE is a list of {"hex", "kind"}: the bytes, and the kind of the error that the other reader gives, or null. Which of
several broken rules is reported is not specified, so the kinds are only counted.
"""

import json
import sys

from ndwire_format import RECURSION, NdwireError
from ndwire_reader import load
from ndwire_writer import dump_bytes


def kind_of(data):
    """The kind of the error of the reader here, or None."""
    try:
        dump = load(data)
    except NdwireError as error:
        return error.kind
    assert dump_bytes(dump) == data, data.hex()
    return None


def main(path):
    """Compare all values; 1 if any is accepted by one of the two alone."""
    sys.setrecursionlimit(RECURSION)
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    found = [(entry, kind_of(bytes.fromhex(entry["hex"]))) for entry in entries]
    wrong = [(entry, kind) for entry, kind in found if (kind is None) != (entry["kind"] is None)]
    for entry, kind in wrong[:20]:
        print("here %s, there %s: %s" % (kind, entry["kind"], entry["hex"]))
    same = sum(kind == entry["kind"] for entry, kind in found)
    print("accepted: %d, the same kind: %d" % (sum(kind is None for _, kind in found), same))
    print("judged: %d of %d values agree" % (len(found) - len(wrong), len(found)))
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
