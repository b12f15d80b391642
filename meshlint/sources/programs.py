"""Read the sources of programs as text; nothing is executed.

In: folders that `--sources` names. Out: `Program`s, sorted by path. Tests, examples, vendored and generated code are
passed by: what stands there is called by nobody in production. Files that are binary or too large for handwriting are,
too. Which URL is in a text is somebody else's question.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from meshlint.errors import SourceError
from meshlint.records import NamedTuple
from meshlint.sources.source import Source, read
from meshlint.sources.walk import Entering, Wanted, collect, no_excludes

SUFFIXES = frozenset({
    ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".py", ".go", ".java",
    ".kt", ".kts", ".scala", ".groovy", ".cs", ".fs", ".vb", ".rs", ".rb", ".php", ".swift", ".dart", ".c",
    ".cc", ".cpp", ".cxx", ".h", ".hpp", ".ex", ".exs", ".erl", ".lua", ".pl", ".pm", ".cbl", ".cob", ".cpy",
})  # fmt: skip
_NO_FOLDERS = frozenset({
    ".git", ".hg", ".svn", ".venv", "venv", "node_modules", "bower_components", "vendor", "third_party",
    "site-packages", "__pycache__", "test", "tests", "__tests__", "spec", "specs", "testdata", "test-data",
    "fixtures", "mock", "mocks", "__mocks__", "e2e", "doc", "docs", "example", "examples", "sample", "samples",
    "dist", "build", "target", "out", "bin", "obj", "coverage", ".next", ".terraform", ".idea", ".vscode",
})  # fmt: skip
_TEST = re.compile(
    r"^(?:test_.*|conftest|setup)\.py$|_test\.(?:go|py|rs|dart|exs?)$|_spec\.rb$|\.min\.js$|"
    r"[.-](?:test|tests|spec|e2e|stories|mock|bundle)\.[cm]?[jt]sx?$|(?:Tests?|IT|Spec)\.(?:java|kt|scala|groovy|cs)$"
)
_MAX_BYTES = 1 << 20


class Program(NamedTuple):
    """Hold one file; `folders` are the names of its folders, from the one that was named down."""

    path: str  # as reports show it
    folders: tuple[str, ...]
    suffix: str
    text: str


def read_programs(folders: Sequence[str], *, root: str | None, entering: Entering = no_excludes) -> Iterator[Program]:
    """Yield the programs below folders, each once, in the order of paths.

    Raises SourceError for a folder that does not exist.
    """
    for folder in folders:
        if not os.path.isdir(folder):
            raise SourceError(f"cannot read the sources in {folder}: it is no folder")
    found = collect(folders, root=root, entering=entering, wanted=Wanted(_is_program, _NO_FOLDERS))
    tops = sorted({os.path.abspath(folder) for folder in folders}, key=len)
    named = {os.path.abspath(folder): os.path.basename(os.path.normpath(folder)) for folder in folders}
    for source in found.sources:
        text = _text(source)
        if source.file is not None and text:
            top = next((folder for folder in tops if _below(source.file, folder)), os.path.dirname(source.file))
            between = os.path.dirname(os.path.relpath(source.file, top)).split(os.sep)
            names = (named.get(top, ""), *between)
            suffix = os.path.splitext(source.file)[1]
            yield Program(source.path, tuple(name for name in names if name.strip(".")), suffix, text)


def _is_program(name: str) -> bool:
    return os.path.splitext(name)[1] in SUFFIXES and _TEST.search(name) is None


def _below(file: str, folder: str) -> bool:
    return file.startswith(folder.rstrip(os.sep) + os.sep)


def _text(source: Source) -> str:
    """Return the text of a file; nothing for one that is binary, too large or gone."""
    try:
        data = read(source, _MAX_BYTES)
    except SourceError:
        return ""
    if len(data) > _MAX_BYTES or b"\0" in data:
        return ""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
