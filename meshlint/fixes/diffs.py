"""What a change does to files, as `git apply` and `patch -p1` read it.

In: texts before and after. Out: a unified diff. It reads and writes nothing.
"""

from __future__ import annotations

from difflib import unified_diff

_NO_END = "\\ No newline at end of file\n"


def unified(path: str, old: str | None, new: str, *, context: int = 3) -> str:
    """Return the difference of one file, with its path relative to the root; None stands for a file that is new."""
    before = "/dev/null" if old is None else _name(f"a/{path}")
    lines = list(unified_diff(_lines(old or ""), _lines(new), n=context))
    if not lines:
        return ""
    head = [f"--- {before}\n", f"+++ {_name(f'b/{path}')}\n"]
    return "".join(head + [line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in lines[2:]])


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one, as for git."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _name(path: str) -> str:
    """Return a path as git writes it: quoted where a character needs that, ended by a tab behind a blank."""
    if any(character in path for character in '"\\') or any(ord(character) < 32 for character in path):
        return '"' + "".join(_escaped(character) for character in path) + '"'
    return f"{path}\t" if " " in path else path


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return f"\\{ord(character):03o}" if ord(character) < 32 else character
