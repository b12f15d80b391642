"""The exceptions of meshlint and the places they point to.

What a user's manifests do wrong is a finding, never an exception. What the caller does wrong (an option, a
configuration, a rule file, a path) is a `MeshlintError` with a place and a help; one place catches it and exits with 2.
Anything else that escapes is our own fault and exits with 3.

    MeshlintError
    ├── UsageError     an option, an operand, nothing to check
    ├── ConfigError    .meshlint.yaml
    ├── RuleError      a rule, profile or pack file
    └── SourceError    a named file that cannot be read
"""

from __future__ import annotations

from meshlint.records import NamedTuple


class ExitCode:
    """Name what a run ends with; the same for every report format."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INTERNAL = 3
    INTERRUPTED = 130


class Position(NamedTuple):
    """Point to one character: line and column, both from 1, columns counted in characters."""

    line: int
    column: int


class Location(NamedTuple):
    """Say where something stands: a root-relative path with `/`, both ends, and the JSON pointer in its document."""

    path: str
    start: Position
    end: Position
    pointer: str = ""


class MeshlintError(Exception):
    """Report a mistake of the caller, in one sentence, with its place and a way out where there is one."""

    title = "error"
    file: str | None = None  # where the text of the location is read, when its path is relative to another folder
    text: str | None = None  # that text itself, when it stands in no file

    def __init__(self, message: str, *, location: Location | None = None, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.help = help


class UsageError(MeshlintError):
    """Report a wrong option or operand."""

    title = "usage"


class ConfigError(MeshlintError):
    """Report a mistake in the configuration."""

    title = "config"


class RuleError(MeshlintError):
    """Report a mistake in a rule, profile or pack file."""

    title = "rule"


class SourceError(MeshlintError):
    """Report a named file or folder that cannot be read."""

    title = "source"
