"""Where reports go: `FORMAT` to standard output, `FORMAT=FILE` to a file, notes to standard error.

In: the values of --format, what renders a format, notes. Out: text on the streams, files written.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from meshlint.cli.terminal import is_coloured, say
from meshlint.errors import UsageError

Wanted = tuple[str, str]
"""A format, and the file that it goes to; empty for standard output."""


def wanted_formats(values: Sequence[str], known: Iterable[str]) -> list[Wanted]:
    """Return format and file of every report.

    Raises UsageError for a format that does not exist, and for two reports on one stream.
    """
    names = tuple(known)
    found = []
    for value in values or ("text",):
        name, _, file = value.partition("=")
        if name not in names:
            from meshlint.spelling import did_you_mean

            hint = did_you_mean(name, names)
            raise UsageError(f"there is no format `{name}`", help=hint or f"there are {', '.join(names)}")
        found.append((name, file))
    if sum(1 for _, file in found if not file) > 1:
        raise UsageError("two reports cannot share standard output", help="give one of them a file: FORMAT=FILE")
    return found


def write_all(wanted: Iterable[Wanted], rendered: Callable[[str, bool], str]) -> None:
    """Write every report, the others too when one cannot be written; `rendered` is told the format and if it is a file.

    Raises UsageError for the first that could not.
    """
    failures = []
    for name, file in wanted:
        try:
            if file:
                save(file, rendered(name, True))
            else:
                say(sys.stdout, rendered(name, False), encoding=None if name == "text" else "utf-8")
        except UsageError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def say_notes(notes: Sequence[str]) -> None:
    """Write notes to standard error, a line each."""
    if not notes:
        return
    from meshlint.reports.frame import clean, painted

    word = painted("note", "info", is_coloured(sys.stderr))
    say(sys.stderr, "".join(f"{word}: {clean(note)}\n" for note in notes))


def save(file: str, content: str) -> None:
    """Write a report.

    Raises UsageError when the file cannot be written.
    """
    try:
        with open(file, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"cannot write {file}: {reason.lower()}") from error
