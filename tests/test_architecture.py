"""The house itself: sizes, names, cycles, who prints and who exits, and the tree that the documents show."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "meshlint"
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]
MOST_LINES, MOST_FUNCTION_LINES = 300, 40
FORBIDDEN = ("util", "utils", "helper", "helpers", "common", "manager", "misc")


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a module once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_fits_a_few_screens(path: Path) -> None:
    """No module is longer than 300 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_function_fits_one_screen(path: Path) -> None:
    """No function is longer than 40 lines, signature and docstring left out."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            first, last = (body[0].lineno, node.end_lineno or 0) if body else (0, 0)
            assert last - first < MOST_FUNCTION_LINES, f"{path.name}:{node.lineno} {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_says_what_it_is(path: Path) -> None:
    """Every module and every public function has a docstring."""
    tree = tree_of(path)
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}:{node.lineno} {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_names_are_words_of_the_domain(path: Path) -> None:
    """Nothing is called utils, helpers, common or manager."""
    assert path.stem.lower() not in FORBIDDEN


def imports_of(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module imports, types and functions included."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("meshlint"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in module_names() else node.module


@cache
def module_names() -> dict[str, Path]:
    """Return the dotted name of every module."""
    names = {}
    for path in MODULES:
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        names[dotted.removesuffix(".__init__")] = path
    return names


def test_no_import_turns_round() -> None:
    """The import graph has no cycle, imports inside functions and for types included."""
    graph = {
        name: {other for other in imports_of(path) if other in module_names()} for name, path in module_names().items()
    }
    settled: set[str] = set()
    while True:
        free = {name for name, needs in graph.items() if name not in settled and needs <= settled | {name}}
        if not free:
            break
        settled |= free
    assert sorted(set(graph) - settled) == []


def calls_of(path: Path) -> Iterator[str]:
    """Yield the names of what a module calls."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_only_the_command_line_prints_and_exits() -> None:
    """Other rooms return values; forked children end themselves."""
    for path in MODULES:
        room = path.relative_to(PACKAGE).parts[0]
        if room in ("cli", "__main__.py"):
            continue
        found = {call for call in calls_of(path) if call in ("print", "sys.exit", "os._exit", "click.echo", "exit")}
        allowed = {"os._exit"} if path.name == "processes.py" else set()
        assert found <= allowed, path


def test_every_switched_off_check_says_why() -> None:
    """`type: ignore`, `noqa` and `pragma: no cover` carry a reason on their line."""
    pattern = re.compile(r"#\s*(type: ignore(\[[^\]]*\])?|noqa(: ?[A-Z0-9, ]+)?|pragma: no cover)(?P<rest>.*)")
    for path in MODULES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            match = pattern.search(line)
            assert not match or len(match["rest"].strip(" #")) > 5 or "[type-arg]" in line, f"{path}:{number}"


def test_errors_are_never_swallowed_whole() -> None:
    """Nothing catches everything, except the one place that names our own bugs."""
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else ""
                if caught in ("", "Exception", "BaseException"):
                    ends_again = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
                    assert ends_again or path.name == "main.py", f"{path}:{node.lineno}"


def test_the_documents_show_the_tree_that_is() -> None:
    """Every room and module that ARCHITECTURE.md lists exists, and no room is missing."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = text.split("## The tree")[1].split("##")[0]
    listed = set(re.findall(r"^ {6}([a-z_]+(?:/|\.py))", block, re.MULTILINE))
    real = {
        f"{entry.name}/" if entry.is_dir() else entry.name
        for entry in os.scandir(PACKAGE)
        if not entry.name.startswith("__") and (entry.is_dir() or entry.name.endswith(".py"))
    }
    assert listed == real
    assert len(text.splitlines()) <= 200


def test_the_pipeline_fits_a_page() -> None:
    """The whole program stays readable at one go."""
    assert len((PACKAGE / "pipeline.py").read_text(encoding="utf-8").splitlines()) <= 200
