"""Bytes from others give an object or an `Error`, never anything else."""

import random
import resource
import struct
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from helpers import CASES_BY_SIZE, crc32c, framed, golden
from hypothesis import given
from hypothesis import strategies as st

from ndwire import Error, describe, dumps, loads

SAMPLES = [
    dumps({"id": 7, "pixels": np.arange(6, dtype="f4").reshape(2, 3), "ok": np.array([True, False]), "text": "é" * 300}),
    dumps([{"x": 1, "y": 2.5, "s": "a"}, {"x": None, "y": 4.5, "s": None}, {"x": 3, "y": 0.5, "s": b"b"}]),
    dumps(np.zeros(40, [("a", "?"), ("b", "<u2", (2,)), ("c", [("d", "<f8")])])),
    dumps([1.5, None, 2.5, (1, 2), [["x"], []], {3: {"a": [True, None]}}]),
]


def attempt(data):
    """What comes of it, read in every way: at most an `Error` with a kind and one line of text."""
    outcomes = []
    for lists in ("array", "list"):
        for copy in (False, True):
            try:
                loads(data, lists=lists, copy=copy)
                outcomes.append(None)
            except Error as error:
                assert error.kind and "\n" not in str(error) and str(error)
                outcomes.append(str(error))
    try:
        describe(data)
    except Error as error:
        assert error.kind and str(error)
    assert len(set(outcomes)) == 1
    return outcomes[0]


@pytest.mark.parametrize("sample", SAMPLES, ids=len)
def test_every_truncation(sample):
    for length in range(len(sample)):
        assert attempt(sample[:length]) is not None
    assert attempt(sample + b"\0") == f"bytes after the end of the value: 1 left, at byte {len(sample)}"


@pytest.mark.parametrize("sample", SAMPLES, ids=len)
def test_every_bit_flip(sample):
    head = 16 + struct.unpack_from("<I", sample, 8)[0]
    for place in range(len(sample)):
        for bit in range(8):
            flipped = bytearray(sample)
            flipped[place] ^= 1 << bit
            outcome = attempt(bytes(flipped))
            assert place >= head or outcome is not None


@pytest.mark.parametrize("sample", SAMPLES, ids=len)
def test_every_bit_flip_under_a_right_checksum(sample):
    meta_length = struct.unpack_from("<I", sample, 8)[0]
    refused = 0
    for place in range(16, 16 + meta_length):
        for bit in range(8):
            flipped = bytearray(sample)
            flipped[place] ^= 1 << bit
            checksum = crc32c(bytes(flipped[:12]) + bytes(flipped[16 : 16 + meta_length]))
            struct.pack_into("<I", flipped, 12, checksum)
            refused += attempt(bytes(flipped)) is not None
    assert refused > 0


def test_golden_files_with_other_bytes():
    generator = random.Random(7)
    for name in CASES_BY_SIZE[:400]:
        value = golden(name)
        meta_length = struct.unpack_from("<I", value, 8)[0]
        for _ in range(8):
            changed = bytearray(value)
            changed[generator.randrange(16, 16 + meta_length)] = generator.randrange(256)
            struct.pack_into("<I", changed, 12, crc32c(bytes(changed[:12]) + bytes(changed[16 : 16 + meta_length])))
            attempt(bytes(changed))


@given(st.binary(max_size=200))
def test_any_bytes(data):
    assert attempt(data) is not None


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_metadata(meta, payload):
    attempt(framed(meta, payload))


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"", "truncated", "value is empty: needed 16 bytes, 0 left, at byte 0"),
        (b"\xc1NDW", "truncated", "header is truncated: needed 16 bytes, 4 left, at byte 0"),
        (b"\x93NUMPY\x01\0" + bytes(20), "not_ndwire", "not an ndwire value: found an npy file, at byte 0"),
        (b"\x80\x05\x95" + bytes(20), "not_ndwire", "not an ndwire value: found a pickle, at byte 0"),
        (b'{"json": 1, "and": 2}', "not_ndwire", "not an ndwire value: found JSON or text, at byte 0"),
        (
            b"\xc1NDW\x02" + bytes(20),
            "unsupported_version",
            "written by a newer format: found version 2, expected 1, at byte 4",
        ),
        (
            b"\xc1NDW\x01\x01" + bytes(20),
            "unsupported_flags",
            "must-understand flag unknown to version 1: bit 0, at byte 5",
        ),
        (framed(b"\xd6\x32\x21"), "too_large", "rank 33 exceeds the limit of 32, at byte 19"),
        (framed(b"\xc1"), "malformed", "found reserved tag C1, expected a node, at byte 16"),
        (framed(b"\xc4\x7f"), "not_canonical", "integer is not in its shortest form, at byte 16"),
        (framed(b"\xa1"), "truncated", "metadata is truncated: needed 1 bytes, 0 left, at byte 17"),
        (framed(b"\0\0"), "trailing_bytes", "metadata goes on after its node: 1 bytes left, at byte 17"),
        (framed(b"\xd6\0\1\1", b"\2"), "malformed", "bool is neither 0 nor 1, at byte 32"),
    ],
)
def test_kinds(data, kind, message):
    with pytest.raises(Error) as error:
        loads(data)
    assert (error.value.kind, str(error.value)) == (kind, message)
    assert error.value.offset == int(message.rpartition(" ")[2]) and error.value.path is None


def test_claims_take_no_memory():
    """Each claims more than this machine has, in a few bytes."""
    huge = b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
    claims = [b"\xd3" + huge, b"\xd4" + huge, b"\xd6\x10\x01" + huge, b"\xd7\x10" + huge, b"\xd8" + huge, b"\xd9" + huge]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for meta in claims:
        with pytest.raises(Error) as error:
            loads(framed(meta))
        assert error.value.kind in ("truncated", "too_large")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.parametrize("large", [bytes(2**26), "x" * 2**26, "€" * 2**24])
def test_no_memory_is_a_memory_error(large):
    script = """
        import resource, sys
        import ndwire
        value = sys.stdin.buffer.read()
        taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + 2**24, taken + 2**24))
        try:
            ndwire.loads(value)
        except MemoryError:
            print("MemoryError")
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], input=dumps(large), capture_output=True)
    assert (run.stdout, run.stderr) == (b"MemoryError\n", b"")


def test_empty_arrays_of_any_shape():
    """The largest dims that the format allows beside a 0."""
    array = loads(framed(b"\xd6\x10\x02\x00" + b"\xff" * 8 + b"\x7f"))
    assert array.shape == (0, 2**63 - 1) and array.dtype == "u1"


def test_no_content_in_errors():
    secret = "hunter2hunter2"
    value = bytearray(dumps({"a": [secret, {"b": secret}], "c": secret.encode() * 50}))
    for place in range(len(value)):
        changed = value.copy()
        changed[place] ^= 0x81
        outcome = attempt(bytes(changed))
        assert outcome is None or "hunter" not in outcome
