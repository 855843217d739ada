"""RESULTS.md: each benchmark replaces its own section, between markers, and leaves the others alone."""

from __future__ import annotations

from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
# Sections in order, by the name of their markers.
SECTIONS = {
    "beside-others": "Speed beside others",
    "scaling": "Scaling",
    "bootstrap": "Bootstrap",
    "accuracy": "Accuracy",
    "coverage": "Coverage",
    "teaching": "Teaching",
    "building": "Building a model: grouping facts and advice",
    "frames": "Frames: dragging, panning, zooming",
}
HEAD = "# What the benchmarks found\n\nEach section is written by the script it names, in this folder.\n"


def markers(name: str) -> tuple[str, str]:
    """The comments around a section's text."""
    return f"<!-- begin: {name} -->", f"<!-- end: {name} -->"


def empty() -> str:
    """The file before any benchmark was run."""
    parts = [HEAD]
    for name, title in SECTIONS.items():
        begin, end = markers(name)
        parts.append(f"\n## {title}\n\n{begin}\nNot run yet.\n{end}\n")
    return "".join(parts)


def replaced(text: str, name: str, content: str) -> str:
    """The file's text with one section's content replaced."""
    begin, end = markers(name)
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"RESULTS.md has no markers for {name}")
    return f"{before}{begin}\n{content.strip()}\n{end}{after}"


def write_section(name: str, content: str, path: Path = RESULTS) -> None:
    """Put a section's content (Markdown without its heading) into the file, making it if needed."""
    text = path.read_text(encoding="utf-8") if path.exists() else empty()
    path.write_text(replaced(text, name, content), encoding="utf-8")


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, numbers to the right from the second column on."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
