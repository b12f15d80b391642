"""What a change does to files, as `git apply` and `patch -p1` read it.

In: texts before and after. Out: a unified diff. It reads and writes nothing. Fixes change few lines of long files, so
lines are compared in step and the texts searched only where they part: the time grows with the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from meshlint.records import NamedTuple

_NO_END = "\\ No newline at end of file\n"
_SURE = 3  # equal lines after which two texts are together again
_FARTHEST = 2000  # lines to look ahead for them
_FINE = 400  # lines of a change that are worth an exact comparison


class _Block(NamedTuple):
    """Hold the lines that stand in the place of others."""

    old: int
    old_end: int
    new: int
    new_end: int


def unified(path: str, old: str | None, new: str, *, context: int = 3) -> str:
    """Return the difference of one file, with its path relative to the root; None stands for a file that is new."""
    before = "/dev/null" if old is None else _name(f"a/{path}")
    old_lines, new_lines = _lines(old or ""), _lines(new)
    hunks = list(_hunks(list(_blocks(old_lines, new_lines)), context))
    if not hunks:
        return ""
    parts = [f"--- {before}\n", f"+++ {_name(f'b/{path}')}\n"]
    for hunk in hunks:
        parts += _written(hunk, old_lines, new_lines, context)
    return "".join(part if part.endswith("\n") else f"{part}\n{_NO_END}" for part in parts)


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one, as for git."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[_Block]:
    here, there = 0, 0
    while here < len(old) or there < len(new):
        if here < len(old) and there < len(new) and old[here] == new[there]:
            here, there = here + 1, there + 1
            continue
        end, new_end = _together(old, new, here, there)
        yield from _exact(old, new, _Block(here, end, there, new_end))
        here, there = end, new_end


def _together(old: Sequence[str], new: Sequence[str], here: int, there: int) -> tuple[int, int]:
    """Return the nearest lines behind two different ones from which the texts go on alike."""
    for distance in range(1, min(len(old) - here + len(new) - there, _FARTHEST) + 1):
        for skipped in range(distance + 1):
            end, new_end = here + skipped, there + distance - skipped
            if end > len(old) or new_end > len(new):
                continue
            if old[end : end + _SURE] == new[new_end : new_end + _SURE]:
                return end, new_end
    return len(old), len(new)


def _exact(old: Sequence[str], new: Sequence[str], block: _Block) -> Iterator[_Block]:
    """Yield the changes inside a block, which may hold one or two equal lines."""
    if block.old_end - block.old + block.new_end - block.new > _FINE:
        yield block
        return
    matcher = SequenceMatcher(None, old[block.old : block.old_end], new[block.new : block.new_end], autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield _Block(block.old + start, block.old + end, block.new + new_start, block.new + new_end)


def _hunks(blocks: Sequence[_Block], context: int) -> Iterator[list[_Block]]:
    """Yield the blocks whose surroundings touch."""
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block.old - hunk[-1].old_end > 2 * context:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _written(hunk: Sequence[_Block], old: Sequence[str], new: Sequence[str], context: int) -> Iterator[str]:
    before = min(context, hunk[0].old, hunk[0].new)
    after = min(context, len(old) - hunk[-1].old_end)
    first, last = hunk[0].old - before, hunk[-1].old_end + after
    new_first, new_last = hunk[0].new - before, hunk[-1].new_end + after
    yield f"@@ -{_range(first, last)} +{_range(new_first, new_last)} @@\n"
    position = first
    for block in hunk:
        yield from (f" {line}" for line in old[position : block.old])
        yield from (f"-{line}" for line in old[block.old : block.old_end])
        yield from (f"+{line}" for line in new[block.new : block.new_end])
        position = block.old_end
    yield from (f" {line}" for line in old[position:last])


def _range(first: int, last: int) -> str:
    """Return a range of lines as a diff counts them: an empty one is named by the line before it."""
    length = last - first
    if length == 1:
        return str(first + 1)
    return f"{first + 1 if length else first},{length}"


def _name(path: str) -> str:
    """Return a path as git writes it: quoted where a character needs that, ended by a tab behind a blank."""
    if any(character in path for character in '"\\') or any(ord(character) < 32 for character in path):
        return '"' + "".join(_escaped(character) for character in path) + '"'
    return f"{path}\t" if " " in path else path


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return f"\\{ord(character):03o}" if ord(character) < 32 else character
