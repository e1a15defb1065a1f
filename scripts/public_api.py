"""Lists what is public, from the pages that rustdoc made: each declaration, then the impls with what a user can name of them.

    python3 scripts/public_api.py target/doc/ndwire
"""

import html
import pathlib
import re
import sys


def plain(code: str) -> str:
    """The text of code in HTML, on one line."""
    text = html.unescape(re.sub(r"<summary.*?</summary>|<[^>]*>", "", code, flags=re.S))
    return re.sub(r"\s+", " ", text).replace("( ", "(").replace(", )", ")").strip()


def impls(section: str, content: str) -> dict[str, set[str]]:
    """The impls of a section, and the items of each."""
    found: dict[str, set[str]] = {}
    impl = ""
    for level, code in re.findall(r'<h([34]) class="code-header">(.*?)</h\1>', content, re.S):
        line = plain(code)
        if level == "3":
            impl = line
            # Only a type that is not Send, Unpin and so on is worth a line.
            if section != "synthetic-implementations" or " !" in line:
                found.setdefault(impl, set())
        elif section == "implementations" or line.startswith("type "):
            found[impl].add(line)
    return found


def page(path: pathlib.Path) -> list[str]:
    """The lines for a page: none if it only leads to another."""
    start, *rest = re.split(r'<h2 id="([\w-]+)"', path.read_text())
    sections = dict(zip(rest[::2], rest[1::2]))
    lines = re.findall(r'<pre class="rust item-decl"><code>(.*?)</code></pre>', start, re.S)
    lines += re.findall(r"<code>(pub use .*?)</code>", sections.get("reexports", ""), re.S)
    lines = [f"    {plain(line)}" for line in lines]
    for section in "implementations", "trait-implementations", "synthetic-implementations", "foreign-impls", "implementors":
        for impl, items in sorted(impls(section, sections.get(section, "")).items()):
            lines += [f"    {impl}", *(f"        {item}" for item in sorted(items))]
    return lines


root = pathlib.Path(sys.argv[1])
pages = {}
for path in root.rglob("*.html"):
    kind, *name = path.name.split(".")[:-1]
    pages["::".join([*path.relative_to(root.parent).parts[:-1], *name])] = page(path)
for name, lines in sorted(pages.items()):
    if lines:
        print(name, *lines, sep="\n")
