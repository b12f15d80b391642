"""What takes findings out: with rules, a reason, an owner, an expiry date and a ticket, and what each one covers.

In: the fields that comments, annotations and the configuration give. Out: `Suppression`, and what is wrong with it:
what has expired, lacks something or covers too much is a finding itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from meshlint.config.folder import Folder
from meshlint.config.model import ConfiguredException
from meshlint.errors import Location, Position
from meshlint.findings.finding import Finding, Subject
from meshlint.mesh.exceptions import is_date
from meshlint.mesh.model import Place
from meshlint.records import NamedTuple

LEGACY_RULES = {
    "MTL001": "permissive-mtls",
    "MTL003": "disabled-mtls",
    "MTL007": "weakened-strict-mtls",
    "PRO001": "legacy-tcp-without-exception",
}
"""Rules, by id and name, whose exceptions open a port: they always need an owner, a reason and an expiry date."""

ANNOTATION = "meshlint.dev/ignore"

_LEGACY_WORDS = frozenset((*LEGACY_RULES, *LEGACY_RULES.values()))

_FIELD = re.compile(r"(until|owner|ticket)=(\S*)\s*")
_ANYWHERE = ("any/depth/of/folders/policy.yaml", "policy.yaml")
"""Paths that have nothing in common: a glob that means them both means every manifest."""


class Fields(NamedTuple):
    """Hold what stands behind the rules of a comment or an annotation."""

    reason: str
    owner: str
    expires: str
    ticket: str
    mistake: str


def fields_of(text: str) -> Fields:
    """Read `until=… owner=… ticket=…` and the reason behind them."""
    rest, fields = text, {}
    while found := _FIELD.match(rest):
        fields[found[1]] = found[2]
        rest = rest[found.end() :]
    until = fields.get("until", "")
    mistake = "" if not until or is_date(until) else f"holds until={until}, which is no date of the form 2027-01-31"
    return Fields(rest.strip(), fields.get("owner", ""), "" if mistake else until, fields.get("ticket", ""), mistake)


class Suppression(NamedTuple):
    """Hold one suppression and what it covers: lines and documents, an object, or what the configuration names."""

    kind: str  # comment, annotation, config
    path: str
    span: tuple[int, int, int, int]
    rules: tuple[str, ...]  # as written; of another tool's annotation: the ids of rules that judge the same
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
    namespace: str = ""  # glob
    subject: Subject | None = None  # the object that is annotated
    place: Place | None = None  # of the annotation
    pointer: str = ""
    foreign: str = ""  # the annotation of another tool
    is_all: bool = False  # it names no code and means all of that tool
    is_partial: bool = False  # other objects of this name do not say so
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

    def covers_namespace(self, subject: Subject) -> bool:
        """Tell whether its `namespace` holds an object, or is it."""
        own = subject.name if subject.kind == "Namespace" else subject.namespace
        return bool(own) and fnmatchcase(own, self.namespace)

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding of its rules stands where it speaks of."""
        if self.kind == "config":
            return self._covers_as_configured(finding)
        if self.subject is not None:
            return finding.resource == self.subject and (not self.is_partial or finding.location.path == self.path)
        if finding.location.path == self.path:
            if self.whole_file or finding.location.start.line == self.line:
                return True
        if finding.home is None or finding.home[0] != self.file:
            return False
        return self.whole_file or finding.home[1] == self.document

    def _covers_as_configured(self, finding: Finding) -> bool:
        if self.glob:
            return self.covers_path(finding.location.path)
        if self.folder.relative(finding.location.path) is None:
            return False
        return self.names(finding.resource) if self.object else self.covers_namespace(finding.resource)

    @property
    def text(self) -> str:
        """Return the suppression as messages name it."""
        on = f" on {self.subject.text}" if self.subject is not None else ""
        if self.foreign or (on and not self.rules):
            return f"{self.foreign or ANNOTATION}{on}"
        what = "exception" if self.kind == "config" else self.kind
        return f"the {what} for {', '.join(self.rules) or 'no rule'}{on}"

    @property
    def location(self) -> Location:
        """Return where it stands."""
        first, column, last, end = self.span
        return Location(self.path, Position(first, column), Position(last, end), self.pointer)

    @property
    def is_complete(self) -> bool:
        """Tell whether it says who answers for it, why and until when."""
        return bool(self.reason and self.owner and self.expires)

    def lacks(self, required: Iterable[str]) -> tuple[str, ...]:
        """Return what is missing of the fields that are demanded; legacy exceptions need all three."""
        wanted = set(required)
        if not self.foreign and not _LEGACY_WORDS.isdisjoint(self.rules):
            wanted |= {"owner", "reason", "expires"}
        words = {"owner": "an owner", "reason": "a reason", "expires": "an expiry date", "ticket": "a ticket"}
        given = {"owner": self.owner, "reason": "" if self.foreign else self.reason,
                 "expires": self.expires, "ticket": self.ticket}  # fmt: skip
        return tuple(word for field, word in words.items() if field in wanted and not given[field])

    def is_expired(self, today: str) -> bool:
        """Tell whether its date has passed; the last day still counts."""
        return bool(self.expires) and self.expires < today

    def reaches_everywhere(self) -> str:
        """Say what a glob of the configuration means when it means everything, else nothing."""
        if any(self.folder.relative(path) is None for path in _ANYWHERE):
            return ""
        if self.namespace and set(self.namespace) <= {"*", "?"}:
            return "every namespace"
        if self.glob and all(self.covers_path(path) for path in _ANYWHERE):
            return "every file"
        kind, _, rest = self.object.partition(" ")
        return f"every {kind}" if rest and set(rest) <= {"*", "/"} else ""


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
                entry.rules,
                entry.reason,
                entry.owner,
                entry.expires,
                object=entry.object,
                glob=entry.path,
                ticket=entry.ticket,
                namespace=entry.namespace,
                pointer=entry.pointer,
                folder=entry.folder,
            )
        )
    return found


def _glob_matches(glob: str, path: str) -> bool:
    from meshlint.sources.ignores import parse

    return (bool(glob) and parse(glob).verdict(path, False) is True) or _below(glob, path)


def _below(glob: str, path: str) -> bool:
    folder = glob.rstrip("/*")
    return bool(folder) and path.startswith(f"{folder}/")
