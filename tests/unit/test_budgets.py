"""The house's budgets: names the offenders."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
FILES = sorted((TOP / "mmgui").rglob("*.py"))
FILE_LINES, FUNCTION_LINES, CLASS_LINES = 400, 50, 250


def _length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _walk(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _where(path: Path, line: int) -> str:
    return f"{path.relative_to(TOP)}:{line}"


def test_files_functions_and_classes_stay_within_the_budget() -> None:
    over: list[str] = []
    for path in FILES:
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > FILE_LINES:
            over.append(f"{path.relative_to(TOP)}: {lines} lines (budget {FILE_LINES})")
        for node in _walk(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > FUNCTION_LINES:
                place = f"{_where(path, node.lineno)} {node.name}"
                over.append(f"{place}: {_length(node)} lines (budget {FUNCTION_LINES})")
            if isinstance(node, ast.ClassDef) and _length(node) > CLASS_LINES:
                over.append(
                    f"{_where(path, node.lineno)} {node.name}: {_length(node)} lines (budget {CLASS_LINES})"
                )
    assert not over, "\n".join(over)


def test_no_exception_is_swallowed() -> None:
    silent = [
        _where(path, node.lineno)
        for path in FILES
        for node in _walk(path)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(s, ast.Pass) for s in node.body)
    ]
    assert not silent, silent


def test_untrusted_text_is_never_evaluated_or_unpickled() -> None:
    found: list[str] = []
    for path in FILES:
        for node in _walk(path):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"eval", "exec"}
            ):
                found.append(_where(path, node.lineno))
            if isinstance(node, ast.Import) and any(a.name.partition(".")[0] == "pickle" for a in node.names):
                found.append(_where(path, node.lineno))
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "pickle":
                found.append(_where(path, node.lineno))
    assert not found, found


@pytest.mark.parametrize("word", ["processEvents", "TODO", "FIXME", "NotImplementedError"])
def test_word_that_marks_unfinished_or_blocking_code_is_absent(word: str) -> None:
    found = [
        _where(path, number)
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(rf"\b{word}\b", line)
    ]
    assert not found, found


def test_folders_have_names_that_say_what_belongs_in_them() -> None:
    vague = {"utils", "helpers", "manager", "common", "util", "helper", "misc"}
    assert not [str(p.relative_to(TOP)) for p in FILES if p.stem in vague or p.parent.name in vague]


def test_every_package_is_in_the_wheel() -> None:
    listed = set(
        tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    )
    present = {".".join(p.parent.relative_to(TOP).parts) for p in FILES if p.name == "__init__.py"}
    assert present == {name for name in listed if name.partition(".")[0] == "mmgui"}
