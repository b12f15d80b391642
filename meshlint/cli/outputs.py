"""Where reports go: `FORMAT` to standard output, `FORMAT=FILE` to a file.

In: the values of --format. Out: pairs of format and file; files written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meshlint.errors import UsageError


def wanted_formats(values: Sequence[str], known: Iterable[str]) -> list[tuple[str, str]]:
    """Return format and file of every report; an empty file is standard output.

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
