"""The stubs: they say what the module does, and type checkers find them."""

import ast
import doctest
import importlib.metadata
import inspect
import subprocess
import sys
from pathlib import Path

from helpers import REPOSITORY

import ndwire

PACKAGE = Path(ndwire.__file__).parent


def test_types_of_a_program_that_uses_it(tmp_path):
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(Path(__file__).parent / "usage.py")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.stdout == "Success: no issues found in 1 source file\n", run.stdout + run.stderr


def test_stubs_fit_the_module(tmp_path):
    command = [sys.executable, "-m", "mypy.stubtest", "ndwire"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert run.stdout == "Success: no issues found in 2 modules\n", run.stdout + run.stderr


def test_stubs_and_module_have_the_same_docstrings():
    stub = ast.parse((PACKAGE / "_ndwire.pyi").read_text("utf-8"))
    documented = {node.name: ast.get_docstring(node) for node in stub.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert set(documented) | {"__version__"} == set(ndwire.__all__)
    for name, text in documented.items():
        assert inspect.getdoc(getattr(ndwire, name)) == text


def test_docstrings_are_true():
    examples = [ndwire, ndwire.dumps, ndwire.loads, ndwire.describe]
    for documented in examples:
        tests = doctest.DocTestFinder(recurse=False).find(documented, documented.__name__, globs={})
        assert sum(len(test.examples) for test in tests) > 0
        for test in tests:
            result = doctest.DocTestRunner(verbose=False).run(test)
            assert result.failed == 0 and result.attempted > 0


def test_the_package_is_complete():
    assert (PACKAGE / "py.typed").exists()
    assert ndwire.__all__ == ["Error", "__version__", "describe", "dumps", "loads"]
    assert ndwire.__version__.count(".") == 2
    metadata = importlib.metadata.metadata("ndwire")
    assert (metadata["Name"], metadata["Version"]) == ("ndwire", ndwire.__version__)
    assert metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert sorted(metadata.get_all("License-File")) == ["LICENSE-APACHE", "LICENSE-MIT"]
    for name in metadata.get_all("License-File"):
        text = importlib.metadata.distribution("ndwire").read_text(f"licenses/{name}")
        assert text == (REPOSITORY / name).read_text("utf-8")
