"""Writes the golden files of ndwire (`make_golden.py DIR`) or checks them (`--check DIR`)."""

import hashlib
import json
import os
import sys

from golden_cases import plain_cases
from golden_nested import accepted_nested_cases, nested_table_cases, sorted_cases as sorted_nested_cases
from golden_tables import accepted_cases, sorted_cases, table_cases
from ndwire_format import HEADER, RECURSION, NdwireError
from ndwire_forms import choose
from ndwire_reader import load
from ndwire_writer import dump_bytes

INDEX = "index.json"
#: What an earlier rule for lists wrote and the one of today does not: only the index of the directory has their dumps.
KEPT = "accepted_before_"


def read(path):
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def index(directory):
    """The entries of the index of a directory, of which there may be none."""
    path = os.path.join(directory, INDEX)
    return json.loads(read(path)) if os.path.exists(path) else []


def all_cases(directory):
    """Name, events, whether maps are sorted, and dump; what is there to be read only has a dump and no events."""
    cases = {}
    plain_cases(cases)
    table_cases(cases)
    nested_table_cases(cases)
    found = [(name, events, False, choose(events)) for name, events in cases.items()]
    for name, events in [*sorted_cases().items(), *sorted_nested_cases().items()]:
        found.append((name, events, True, choose(events, True)))
    for name, dump in [*accepted_cases().items(), *accepted_nested_cases().items()]:
        found.append((name, None, False, dump))
    found += [(entry["name"], None, False, entry["dump"]) for entry in index(directory) if entry["name"].startswith(KEPT)]
    return sorted(found, key=lambda case: case[0])


def build(directory):
    """File name -> bytes, the index among them."""
    files, lines = {}, []
    for name, events, sort_maps, dump in all_cases(directory):
        data = dump_bytes(dump)
        assert name + ".ndw" not in files, name
        files[name + ".ndw"] = data
        digest = hashlib.sha256(data).hexdigest()
        entry = {"name": name, "events": events, "sort_maps": sort_maps, "dump": dump, "bytes_sha256": digest}
        lines.append(json.dumps(entry, ensure_ascii=True, separators=(",", ":")))
    files[INDEX] = ("[\n" + ",\n".join(lines) + "\n]\n").encode("ascii")
    return files


def write(directory):
    """Write every file."""
    os.makedirs(directory, exist_ok=True)
    files = build(directory)
    for name, data in files.items():
        with open(os.path.join(directory, name), "wb") as file:
            file.write(data)
    print("golden: %d files written, %d bytes" % (len(files) - 1, sum(map(len, files.values()))))
    return 0


def prefixes(data):
    """The lengths of the proper prefixes to try."""
    if len(data) <= 600:
        return range(len(data))
    head = HEADER + int.from_bytes(data[8:12], "little")
    return sorted(set(range(min(head + 1, len(data)))) | set(range(0, len(data), 97)))


def accepted_prefix(data):
    """The length of a proper prefix that the reader accepts, or None."""
    for length in prefixes(data):
        try:
            load(data[:length])
        except NdwireError:
            continue
        return length
    return None


def compare_listing(directory, files):
    """Differences of names and bytes."""
    there = set(os.listdir(directory))
    for name in sorted(there ^ set(files)):
        yield "%s: %s" % (name, "not a golden file" if name in there else "missing")
    for name in sorted(there & set(files)):
        if read(os.path.join(directory, name)) != files[name]:
            yield name + ": other bytes"


def compare_entry(directory, entry):
    """Differences of one case of the index."""
    path = os.path.join(directory, entry["name"] + ".ndw")
    if not os.path.exists(path):
        return
    data = read(path)
    if hashlib.sha256(data).hexdigest() != entry["bytes_sha256"]:
        yield entry["name"] + ": another sha256"
    try:
        if load(data) != entry["dump"]:
            yield entry["name"] + ": read as another dump"
        if dump_bytes(entry["dump"]) != data:
            yield entry["name"] + ": the dump gives other bytes"
        if entry["events"] and choose(entry["events"], entry["sort_maps"]) != entry["dump"]:
            yield entry["name"] + ": the events give another dump"
    except NdwireError as error:
        yield "%s: %s" % (entry["name"], error)
    length = accepted_prefix(data)
    if length is not None:
        yield "%s: the prefix of %d bytes is accepted" % (entry["name"], length)


def check(directory):
    """Compare a directory with the table; 1 if anything differs."""
    files = build(directory)
    found = list(compare_listing(directory, files))
    for entry in index(directory):
        found += compare_entry(directory, entry)
    for line in found:
        print(ascii(line))
    if not found:
        print("golden: %d files agree" % (len(files) - 1))
    return 1 if found else 0


def main(arguments):
    """The command line."""
    sys.setrecursionlimit(RECURSION)
    if len(arguments) == 2 and arguments[0] == "--check":
        return check(arguments[1])
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        return write(arguments[0])
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
