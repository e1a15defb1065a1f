"""Runs the snippets of README.md that need no server: `python run_readme.py`, wherever the package is installed."""

import re
from pathlib import Path


FOLDER = Path(__file__).resolve().parents[1]


def snippets(folder: Path = FOLDER) -> list[str]:
    text = (folder / "README.md").read_text("utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


if __name__ == "__main__":
    run = [snippet for snippet in snippets() if "import redis" not in snippet]
    for snippet in run:
        exec(compile(snippet, "README.md", "exec"), {"__name__": "readme"})
    assert run, "README.md has no snippet"
    print(f"README.md: {len(run)} snippet ran")
