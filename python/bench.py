"""Measures this package beside the usual ways to put arrays into Redis.

    python bench.py            prints the table
    python bench.py --readme   puts it into README.md
    python bench.py --quick    with two rounds, to see that it runs

It needs what `scripts/python.txt` of the repository lists, safetensors, and a redis-server on PATH. All methods run in turn, in one
process, in rounds that each begin with another one; a time is the median over the rounds. Client and server share one core: on two
cores most of a round trip is the waking of the other one.
"""

import io
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgpack
import msgpack_numpy
import numpy as np
import redis
import safetensors
import safetensors.numpy

import ndwire

ROUNDS = 2 if "--quick" in sys.argv[1:] else 101
SECONDS_A_ROUND = 0.002
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- bench -->\n", "<!-- /bench -->\n"


class Method(NamedTuple):
    name: str
    encode: Callable[[Any], Any]
    decode: Callable[[bytes], Any]


def save(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def methods(example: np.ndarray) -> list[Method]:
    dtype, shape = example.dtype, example.shape
    return [
        Method("`tobytes`, dtype and shape known", lambda a: a.tobytes(), lambda b: np.frombuffer(b, dtype).reshape(shape)),
        Method("**ndwire**", ndwire.dumps, ndwire.loads),
        Method("msgpack-numpy", msgpack_numpy.packb, msgpack_numpy.unpackb),
        Method("pickle 5", lambda a: pickle.dumps(a, protocol=5), pickle.loads),
        Method("np.save", save, lambda b: np.load(io.BytesIO(b), allow_pickle=False)),
        Method(
            "safetensors",
            lambda a: safetensors.numpy.save({"a": a}),
            lambda b: safetensors.numpy.load(b)["a"],
        ),
    ]


def document_methods() -> list[Method]:
    """Of a dict with arrays, which the others cannot write."""
    return [
        Method("**ndwire**", ndwire.dumps, ndwire.loads),
        Method("msgpack-numpy", msgpack_numpy.packb, msgpack_numpy.unpackb),
        Method("pickle 5", lambda a: pickle.dumps(a, protocol=5), pickle.loads),
    ]


def interleaved(calls: list[Callable[[], Any]]) -> list[float]:
    """The median time of each in microseconds."""
    repeats = []
    for call in calls:
        start = time.perf_counter()
        call()
        once = time.perf_counter() - start
        repeats.append(max(1, min(2000, int(SECONDS_A_ROUND / once))))
    times: list[list[float]] = [[] for _ in calls]
    for round_number in range(ROUNDS):
        for turn in range(len(calls)):
            index = (round_number + turn) % len(calls)
            call, count = calls[index], repeats[index]
            start = time.perf_counter()
            for _ in range(count):
                call()
            times[index].append((time.perf_counter() - start) / count)
    return [1e6 * statistics.median(each) for each in times]


def round_trip(client: redis.Redis, method: Method, obj: Any) -> Callable[[], Any]:
    def call() -> Any:
        client.set("bench", method.encode(obj))
        return method.decode(client.get("bench"))

    return call


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return list(one) == list(other) and all(equal(one[key], other[key]) for key in one)
    return bool(np.array_equal(one, other))


def shown(microseconds: float) -> str:
    return f"{microseconds:.2f}" if microseconds < 10 else f"{microseconds:.1f}" if microseconds < 100 else f"{microseconds:.0f}"


def table(title: str, obj: Any, competitors: list[Method], client: redis.Redis) -> str:
    values = [method.encode(obj) for method in competitors]
    for method, value in zip(competitors, values):
        assert equal(method.decode(value), obj), method.name
    encode = interleaved([lambda m=method: m.encode(obj) for method in competitors])
    decode = interleaved([lambda m=method, v=value: m.decode(v) for method, value in zip(competitors, values)])
    both = interleaved([round_trip(client, method, obj) for method in competitors])
    lines = [f"| {title} | bytes | encode | decode | SET + GET |", "|---|---:|---:|---:|---:|"]
    for method, value, *times in zip(competitors, values, encode, decode, both):
        lines.append(f"| {method.name} | {len(value):,} | {' | '.join(map(shown, times))} |")
    return "\n".join(lines) + "\n"


def machine() -> str:
    info = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    found = {line.split(":")[0].strip(): line.split(":")[1].strip() for line in info if ":" in line}
    processor = found.get("model name", platform.machine())
    if "cpu family" in found:
        processor += f" (family {found['cpu family']}, model {found['model']})"
    return f"{os.cpu_count()} x {processor}, of which one is used, {platform.system()}, Python {platform.python_version()}"


def versions(client: redis.Redis) -> str:
    server = client.info("server")["redis_version"]
    of = {
        "ndwire": ndwire.__version__,
        "numpy": np.__version__,
        "msgpack": ".".join(map(str, msgpack.version)),
        "safetensors": safetensors.__version__,
        "redis-py": redis.__version__,
        "Redis": server,
    }
    return ", ".join(f"{name} {version}" for name, version in of.items())


def warm_up() -> None:
    """A core that was idle is slow at first."""
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        pickle.loads(pickle.dumps(list(range(1000))))


def report(client: redis.Redis) -> str:
    warm_up()
    generator = np.random.default_rng(7)
    vector = generator.random(768, "f4")
    shaped = vector.reshape(2, 2, 2, 4, 24)
    image = generator.integers(0, 2**16, (80, 80), "u2")
    matrix = generator.random((1000, 768), "f4")
    frame = {"id": 7, "camera": "north", "image": image, "embedding": vector, "scores": [0.5, 0.25, 0.125]}
    samples = np.zeros(1000, [("ts", "<i8"), ("x", "<f4"), ("y", "<f4"), ("ok", "?")])
    samples["ts"] = np.arange(1000)
    parts = [
        f"{machine()}; {versions(client)}. Microseconds.\n",
        table("768 f32", vector, methods(vector), client),
        table("the same, [2, 2, 2, 4, 24]", shaped, methods(shaped), client),
        table("80 x 80 u16", image, methods(image), client),
        table("1,000 x 768 f32", matrix, methods(matrix), client),
        table("1,000 rows of a structured array", samples, [m for m in methods(samples) if m.name != "safetensors"], client),
        table("a dict with both arrays", frame, document_methods(), client),
    ]
    return "\n".join(parts)


def main() -> None:
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    with tempfile.TemporaryDirectory() as folder:
        socket = f"{folder}/s"
        command = ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder]
        # It inherits the core.
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            client = redis.Redis(unix_socket_path=socket)
            for _ in range(200):
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    time.sleep(0.05)
            try:
                text = report(client)
            finally:
                server.terminate()
    print(text)
    if "--readme" in sys.argv[1:]:
        before, _, rest = README.read_text("utf-8").partition(BEGIN)
        _, mark, after = rest.partition(END)
        assert mark, f"README.md has no {BEGIN!r} and {END!r}"
        README.write_text(f"{before}{BEGIN}{text}{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
