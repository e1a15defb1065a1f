"""Python and Rust on one Redis: each reads what the other has written, and both say the same of bytes that are none.

`NDWIRE_INTEROP` is the Rust side: `cargo build -p ndwire-python-interop`.
"""

import os
import random
import shutil
import struct
import subprocess
import time

import ml_dtypes
import numpy as np
import pytest
import redis
from helpers import REPOSITORY, crc32c, golden, golden_index, same
from run_readme import snippets

from ndwire import Error, describe, dumps, loads

PLACE = [("latitude", "<f8"), ("level", "i1")]
OPTIONAL = np.dtype([("present", "?"), ("value", "<f4")], metadata={"ndwire": "optional"})
SAMPLE = np.dtype([("ts", "<i8"), ("x", "<f4"), ("bbox", "<u2", (4,)), ("ok", "?"), ("score", OPTIONAL), ("place", PLACE)])


@pytest.fixture(scope="module")
def interop():
    program = os.environ.get("NDWIRE_INTEROP")
    assert program and os.access(program, os.X_OK), "NDWIRE_INTEROP is no program: cargo build -p ndwire-python-interop"
    return program


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A private server on a Unix socket."""
    program = shutil.which("redis-server")
    assert program, "no redis-server on PATH"
    folder = tmp_path_factory.mktemp("redis")
    socket = folder / "s"
    command = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log) as process:
        client = redis.Redis(unix_socket_path=str(socket))
        for _ in range(200):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
        try:
            yield client, f"unix://{socket}"
        finally:
            client.close()
            process.terminate()
            process.wait()


def run(*command, **options):
    ran = subprocess.run(command, capture_output=True, text=True, **options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def written(server, interop):
    client, url = server
    run(interop, "write", url)
    return client


def sample_array(count):
    index = np.arange(count)
    rows = np.zeros(count, SAMPLE)
    rows["ts"] = 1000 + 10 * index
    rows["x"] = index / 4
    rows["bbox"] = index[:, None] + np.arange(4)
    rows["ok"] = index % 3 == 0
    rows["score"]["present"] = index % 5 != 0
    rows["score"]["value"] = np.where(index % 5 != 0, index / 2, 0)
    rows["place"]["latitude"] = index / 8
    rows["place"]["level"] = -7
    return rows


def sample_dicts(count):
    return [
        {
            "ts": 1000 + 10 * i,
            "x": i / 4,
            "bbox": [i, i + 1, i + 2, i + 3],
            "ok": i % 3 == 0,
            "score": i / 2 if i % 5 else None,
            "place": {"latitude": i / 8, "level": -7},
        }
        for i in range(count)
    ]


def named_dicts(count):
    return [{"id": i, "name": f"name {i}", "score": None if i == 1 else i / 2} for i in range(count)]


def frame():
    row, column, channel = np.indices((4, 5, 3))
    high, wide = np.indices((3, 2))
    return {
        "id": 2**64 - 1,
        "camera": "nörth",
        "image": (row * 50 + column * 10 + channel).astype("u1"),
        "weights": np.asfortranarray(high + wide / 2),
        "embedding": (np.arange(768) / np.float32(768)).astype("f4"),
        "halves": (np.arange(5) / 2).astype("f2"),
        "brain": (np.arange(5) * 2).astype(ml_dtypes.bfloat16),
        "corners": np.arange(8, dtype="f4").reshape(4, 2),
        "samples": sample_array(3),
        "note": None,
        "depth": 1.5,
        "scores": np.array([(True, 0.5), (False, 0), (True, 2.5)], OPTIONAL),
        "raw": b"\1\2\3",
        "state": {"Moving": {"speed": 2.5}},
    }


def test_a_struct_of_rust_is_a_dict_with_arrays(written):
    value = written.get("rust:frame")
    read = loads(value)
    assert same(read, frame())
    for name in ("image", "weights", "embedding", "halves", "brain"):
        assert read[name].base is value
    assert read["weights"].flags.f_contiguous
    as_lists = loads(value, lists="list")
    assert as_lists["corners"] == [[0, 1], [2, 3], [4, 5], [6, 7]]
    assert as_lists["scores"] == [0.5, None, 2.5] and as_lists["samples"] == sample_dicts(3)
    assert same(as_lists["embedding"], frame()["embedding"])
    assert loads(written.get("rust:idle")) == "Idle"


@pytest.mark.parametrize("count", [2, 1000])
def test_a_vec_of_structs_is_a_structured_array(written, count):
    value = written.get(f"rust:samples:{count}")
    read = loads(value)
    assert same(read, sample_array(count))
    assert read.dtype.fields["score"][0].metadata == {"ndwire": "optional"}
    # Written again it is the same value.
    assert dumps(read) == value
    # From 512 bytes on without copying. Below, the rows stand between other things, and need no alignment.
    assert read.base is value and np.shares_memory(read, np.frombuffer(value, "u1"))


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_one_type_of_rust_is_one_type_of_python(written, count):
    assert loads(written.get(f"rust:samples:{count}"), lists="list") == sample_dicts(count)
    assert loads(written.get(f"rust:named:{count}"), lists="list") == named_dicts(count)
    assert loads(written.get(f"rust:named:{count}")) == named_dicts(count)
    few = loads(written.get(f"rust:samples:{count}"))
    assert (few == []) if count == 0 else len(few) == count


def test_rust_reads_what_python_writes(server, written, interop):
    client, url = server
    client.set("python:frame", dumps(frame()))
    client.set("python:idle", dumps("Idle"))
    for count in (0, 1, 2, 1000):
        client.set(f"python:samples:array:{count}", dumps(sample_array(count)))
        client.set(f"python:samples:list:{count}", dumps(sample_dicts(count)))
        client.set(f"python:named:{count}", dumps(named_dicts(count)))
    counts = (f"samples:array:{n}: equal\nsamples:list:{n}: equal\nnamed:{n}: equal\n" for n in (0, 1, 2, 1000))
    assert run(interop, "read", url) == "frame: equal\nidle: equal\n" + "".join(counts)

    # The same table in the layout of C, big endian, or with gaps.
    aligned = sample_array(1000).astype(np.dtype(SAMPLE.descr[:4] + [("score", OPTIONAL), ("place", PLACE)], align=True))
    assert aligned.dtype.itemsize > SAMPLE.itemsize
    assert dumps(aligned) == client.get("python:samples:array:1000")
    assert dumps(sample_array(1000).astype(SAMPLE.newbyteorder(">"))) == client.get("python:samples:array:1000")
    # What Rust writes of it is the same value.
    assert written.get("rust:samples:1000") == client.get("python:samples:array:1000")


def test_rust_says_so_when_it_does_not_fit(server, interop):
    client, url = server
    wrong = frame()
    wrong["image"] = wrong["image"][0]
    client.set("python:frame", dumps(wrong))
    ran = subprocess.run([interop, "read", url], capture_output=True, text=True)
    assert ran.returncode == 1 and "frame: " in ran.stderr and "image: " in ran.stderr


def test_replies_of_redis_py(server):
    client, _ = server
    array = np.arange(12, dtype="f4").reshape(3, 4)
    client.set("array", dumps(array))
    client.hset("hash", mapping={"a": dumps(array), "b": dumps([1, "x"])})
    assert same(loads(client.get("array")), array)
    assert {name: type(loads(field)) for name, field in client.hgetall("hash").items()} == {b"a": np.ndarray, b"b": list}
    head = client.getrange("array", 0, 63)
    assert describe(head) == "array f32 [3, 4], bytes 32..80\n"
    with client.pipeline() as pipe:
        for index in range(10):
            pipe.set(f"many:{index}", dumps(np.full(3, index)))
        pipe.mget([f"many:{index}" for index in range(10)])
        *_, replies = pipe.execute()
    assert [loads(reply).sum() for reply in replies] == [3 * index for index in range(10)]
    client.delete("array", "hash", *(f"many:{index}" for index in range(10)))


def test_the_snippet_of_the_readme(server, monkeypatch):
    client, _ = server
    monkeypatch.setattr(redis, "Redis", lambda: client)
    run = [snippet for snippet in snippets() if "import redis" in snippet]
    for snippet in run:
        exec(compile(snippet, "README.md", "exec"), {})
    assert run and 0 < client.ttl("embedding:7") <= 60
    client.delete("embedding:7")


def test_the_snippets_of_the_crate(server, monkeypatch, tmp_path, capsys):
    """The README of the Rust crate shows a reader without this package, and this package."""
    client, _ = server
    monkeypatch.setattr(redis, "Redis", lambda: client)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples.ndw").write_bytes(dumps(np.ones(100, [("ts", "<i8"), ("x", "<f4"), ("ok", "?")])))
    for snippet in snippets(REPOSITORY):
        exec(compile(snippet, "README.md", "exec"), {})
    expected = [
        "[('ts', '<i8'), ('x', '<f4'), ('ok', '?')] 100.0",
        "1.0 map, 2 entries",
        "  id: uint",
        "  embedding: array f32 [768], bytes 48..3120",
    ]
    assert capsys.readouterr().out.split("\n") == [*expected, "", ""]
    client.delete("frame:7", "samples")


def test_errors_have_the_text_of_rust(interop):
    """Golden files with a byte changed, cut, or with more behind: the same kind, place and text."""
    generator = random.Random(11)
    values = []
    for case in golden_index():
        value = golden(case["name"])
        if len(value) > 2000:
            continue
        meta_length = struct.unpack_from("<I", value, 8)[0]
        values += [value[: generator.randrange(len(value))], value + b"x"]
        for right_checksum in (False, True, True):
            changed = bytearray(value)
            changed[generator.randrange(16, 16 + meta_length)] ^= 1 << generator.randrange(8)
            if right_checksum:
                struct.pack_into("<I", changed, 12, crc32c(bytes(changed[:12]) + bytes(changed[16 : 16 + meta_length])))
            values.append(bytes(changed))
    said = run(interop, "errors", input="".join(value.hex() + "\n" for value in values)).splitlines()
    assert len(said) == len(values)
    compared = 0
    for value, line in zip(values, said):
        if line == "ok":
            continue
        with pytest.raises(Error) as error:
            loads(value)
        offset = "None" if error.value.offset is None else f"Some({error.value.offset})"
        path = "None" if error.value.path is None else f'Some("{error.value.path}")'
        assert f"{error.value.kind}\t{offset}\t{path}\t{error.value}" == line
        compared += 1
    assert compared > 2000
