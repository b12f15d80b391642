"""Suppressions: comments and configuration entries that take findings out, with reason, owner and expiry.

In: the comments of files, the configuration, findings. Out: which finding is suppressed by what, and the suppressions
themselves as facts, because an undocumented or unused one is a finding too. A comment at the end of a line speaks of
that line; one on its own line speaks of the next line of content, and when nothing of its document stands above it, of
the whole document. What has expired takes nothing out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from meshlint.config.folder import Folder
from meshlint.config.model import ConfiguredException
from meshlint.findings.finding import Finding, Subject
from meshlint.mesh.exceptions import is_date

LEGACY_RULES = {
    "MTL001": "permissive-mtls",
    "MTL003": "disabled-mtls",
    "MTL007": "weakened-strict-mtls",
    "PRO001": "legacy-tcp-without-exception",
}
"""Rules, by id and name, whose exceptions open a port: they always need an owner, a reason and an expiry date."""

_LEGACY_WORDS = frozenset((*LEGACY_RULES, *LEGACY_RULES.values()))

_COMMENT = re.compile(r"(ignore(?:-file)?)\s*\[([^\]]*)\]\s*(.*)")
_FIELD = re.compile(r"(until|owner|ticket)=(\S*)\s*")


class Suppression(NamedTuple):
    """Hold one suppression; lines and documents say what a comment covers."""

    kind: str  # comment, config
    path: str
    span: tuple[int, int, int, int]
    rules: tuple[str, ...]
    reason: str
    owner: str
    expires: str
    file: int = -1
    line: int = 0  # the line that a comment covers, 0 for none
    document: int = -1  # the document that it covers as a whole
    whole_file: bool = False
    object: str = ""
    glob: str = ""
    mistake: str = ""
    ticket: str = ""
    folder: Folder = Folder()  # where an entry of a configuration holds

    def names(self, subject: Subject) -> bool:
        """Tell whether its `object` means this one: `*` is any text, a group behind the kind tells two kinds apart."""
        kind, _, rest = self.object.partition(" ")
        kind, _, group = kind.partition(".")
        namespace, _, name = rest.rpartition("/")
        return (
            kind == subject.kind
            and group in ("", subject.api_version.rpartition("/")[0])
            and fnmatchcase(subject.namespace, namespace)
            and fnmatchcase(subject.name, name)
        )

    def covers_path(self, path: str) -> bool:
        """Tell whether its `path` means this file, as a line of .gitignore would."""
        inside = self.folder.relative(path)
        return inside is not None and _glob_matches(self.glob, inside)

    @property
    def text(self) -> str:
        """Return the suppression as messages name it."""
        what = "comment" if self.kind == "comment" else "exception"
        return f"the {what} for {', '.join(self.rules) or 'no rule'}"

    def lacks(self, required: Iterable[str]) -> tuple[str, ...]:
        """Return what is missing of the fields that are demanded; legacy exceptions need all three."""
        wanted = set(required)
        if not _LEGACY_WORDS.isdisjoint(self.rules):
            wanted |= {"owner", "reason", "expires"}
        words = {"owner": "an owner", "reason": "a reason", "expires": "an expiry date", "ticket": "a ticket"}
        return tuple(word for field, word in words.items() if field in wanted and not getattr(self, field))

    def is_expired(self, today: str) -> bool:
        """Tell whether its date has passed; the last day still counts."""
        return bool(self.expires) and self.expires < today


class Commented(NamedTuple):
    """Hold the comments of one file that speak to meshlint, and where its documents begin."""

    file: int
    path: str
    directives: Sequence[tuple[int, int, int, str, int, bool]]
    openings: Sequence[int]  # first line of each document
    following: Sequence[int]  # by line index: the next line of content from there on, 0 for none


def commented(
    file: int,
    path: str,
    directives: Sequence[tuple[int, int, int, str, int, bool]],
    openings: Sequence[int],
    lines: Sequence[str],
) -> Commented:
    """Return the comments of a file; where content follows is found in one pass, whatever the number of comments."""
    following = [0] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        following[index] = index + 1 if _is_content(lines[index]) else following[index + 1]
    return Commented(file, path, directives, openings, following)


def from_comments(files: Iterable[Commented]) -> list[Suppression]:
    """Read the suppressions of all files; a comment that cannot be read says so in `mistake`."""
    return [_from_comment(file, directive) for file in files for directive in file.directives]


def _from_comment(file: Commented, directive: tuple[int, int, int, str, int, bool]) -> Suppression:
    line, column, end, said, document, own_line = directive
    span = (line, column, line, end)
    match = _COMMENT.match(said)
    if match is None:
        mistake = "is no suppression that meshlint reads: write `# meshlint: ignore[RULE] reason`"
        return Suppression("comment", file.path, span, (), "", "", "", file.file, mistake=mistake)
    rules = tuple(word.strip() for word in match[2].split(",") if word.strip())
    reason, fields = match[3].split("-- expect", 1)[0], {}
    while found := _FIELD.match(reason):
        fields[found[1]] = found[2]
        reason = reason[found.end() :]
    until = fields.get("until", "")
    mistake = "" if not until or is_date(until) else f"holds until={until}, which is no date of the form 2027-01-31"
    covered = file.following[line] if own_line and line < len(file.following) else line
    heads = own_line and not _content_above(file, document, line)
    return Suppression(
        "comment", file.path, span, rules, reason.strip(), fields.get("owner", ""), "" if mistake else until,
        file.file, covered, document if heads else -1, match[1] == "ignore-file", mistake=mistake,
        ticket=fields.get("ticket", ""),
    )  # fmt: skip


def _is_content(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#") and not stripped.startswith("---")


def _content_above(file: Commented, document: int, line: int) -> bool:
    opened = file.openings[document] if document < len(file.openings) else 1
    first = file.following[opened - 1] if opened <= len(file.following) else 0
    return 0 < first < line


def from_configuration(path: str, exceptions: Iterable[ConfiguredException]) -> list[Suppression]:
    """Read the `exceptions:` of the configuration."""
    found = []
    for entry in exceptions:
        span = (entry.line or 1, 1, entry.line or 1, 1)
        found.append(
            Suppression(
                "config",
                entry.file or path,
                span,
                (entry.rule,),
                entry.reason,
                entry.owner,
                entry.expires,
                object=entry.object,
                glob=entry.path,
                ticket=entry.ticket,
                folder=entry.folder,
            )
        )
    return found


class Matcher:
    """Decide which suppression takes a finding out, and remember which were used."""

    def __init__(self, suppressions: Sequence[Suppression], paths: Sequence[str], today: str) -> None:
        self.all = tuple(suppressions)
        self.used: set[int] = set()
        self._paths = paths  # of the sources, by index
        self._today = today
        self._by_key: dict[tuple[object, ...], list[int]] = {}
        for position, suppression in enumerate(self.all):
            for word in dict.fromkeys(suppression.rules):
                for key in _keys(suppression):
                    self._by_key.setdefault((word, *key), []).append(position)

    def of(self, finding: Finding) -> Suppression | None:
        """Return the suppression of a finding; the first that covers it is the one that is used."""
        for position in self._candidates(finding):
            suppression = self.all[position]
            if suppression.is_expired(self._today) or not self._covers(suppression, finding):
                continue
            self.used.add(position)
            if suppression.mistake:
                continue  # nobody can tell until when it holds
            if finding.rule in LEGACY_RULES and not (suppression.reason and suppression.owner and suppression.expires):
                continue  # an incomplete exception opens nothing
            return suppression
        return None

    def _candidates(self, finding: Finding) -> Iterable[int]:
        """Return the suppressions that may cover a finding, in their order."""
        keys: list[tuple[object, ...]] = [
            ("config",),
            ("path", finding.location.path),
            ("line", finding.location.path, finding.location.start.line),
        ]
        if finding.home is not None:
            keys += [("file", finding.home[0]), ("document", *finding.home)]
        words = {finding.rule, finding.name}
        return sorted({at for word in words for key in keys for at in self._by_key.get((word, *key), ())})

    def _covers(self, suppression: Suppression, finding: Finding) -> bool:
        if suppression.kind == "config":
            if suppression.object:
                inside = suppression.folder.relative(finding.location.path)
                return inside is not None and suppression.names(finding.resource)
            return suppression.covers_path(finding.location.path)
        if finding.location.path == suppression.path:
            if suppression.whole_file or finding.location.start.line == suppression.line:
                return True
        if finding.home is None or finding.home[0] != suppression.file:
            return False
        return suppression.whole_file or finding.home[1] == suppression.document


def _keys(suppression: Suppression) -> list[tuple[object, ...]]:
    """Return what a finding has to share with a suppression to be covered by it."""
    if suppression.kind == "config":
        return [("config",)]
    if suppression.whole_file:
        return [("path", suppression.path), ("file", suppression.file)]
    return [
        ("line", suppression.path, suppression.line),
        ("document", suppression.file, suppression.document),
    ]


def _glob_matches(glob: str, path: str) -> bool:
    from meshlint.sources.ignores import parse

    return (bool(glob) and parse(glob).verdict(path, False) is True) or _below(glob, path)


def _below(glob: str, path: str) -> bool:
    folder = glob.rstrip("/*")
    return bool(folder) and path.startswith(f"{folder}/")
