"""Checks values that another implementation wrote: `check_encoded.py DIR`.

DIR/index.json is a list of {"name", "events", "sort_maps"}; DIR/NAME.ndw is what the other wrote of these events. The writer
here must give the same bytes, and the reader here must read them as the dump that the writer chose.
"""

import json
import os
import sys

from ndwire_format import NdwireError
from ndwire_forms import choose
from ndwire_reader import load
from ndwire_writer import dump_bytes


def difference(directory, entry):
    """What differs in one case, or None."""
    with open(os.path.join(directory, entry["name"] + ".ndw"), "rb") as file:
        data = file.read()
    try:
        dump = choose(entry["events"], entry["sort_maps"])
        if dump_bytes(dump) != data:
            return "the writer gives other bytes"
        if load(data) != dump:
            return "the reader gives another dump"
    except NdwireError as error:
        return str(error)
    return None


def main(directory):
    """Compare all cases; 1 if any differs."""
    sys.setrecursionlimit(20000)
    with open(os.path.join(directory, "index.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = [(entry["name"], difference(directory, entry)) for entry in entries]
    wrong = [pair for pair in found if pair[1] is not None]
    for name, what in wrong[:20]:
        print("%s: %s" % (name, what))
    print("encoded: %d of %d values agree" % (len(found) - len(wrong), len(found)))
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
