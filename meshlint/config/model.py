"""What a configuration says, as plain immutable values.

In: nothing. Out: `Settings` and its parts. Nothing here validates; the loader builds these only from a file
without mistakes. Hot path: importing this costs nothing. An expiry date is kept as text, because a date that
has passed is a finding, not a mistake of the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from meshlint.config.folder import Folder
from meshlint.errors import ConfigError
from meshlint.records import NamedTuple

FILE_NAME = ".meshlint.yaml"
PYPROJECT = "pyproject.toml"
TABLE = re.compile(rb"(?m)^[ \t]*\[\[?[ \t]*tool[ \t]*\.[ \t]*meshlint[ \t]*[\].]")
"""How a table of meshlint begins in a pyproject.toml; whoever has none keeps its reader unloaded."""

PROFILES = ("baseline", "standard", "strict")
SEVERITIES = ("error", "warning", "info")
"""From the gravest to the least."""


def is_softer(severity: str, other: str) -> bool:
    """Tell whether a severity is less grave than another."""
    return SEVERITIES.index(severity) > SEVERITIES.index(other)


class RuleSetting(NamedTuple):
    """Hold what the configuration changes about one rule; None leaves what the rule file says."""

    severity: str | None = None
    enabled: bool | None = None
    params: Mapping[str, Any] = {}
    line: int = 0  # of the rule's key
    pointer: str = ""  # "/rules/RES003", "/rules/1/RES003" where `rules` is a list


class PackReference(NamedTuple):
    """Name a pack: a folder, when `folder` is not empty, else an installed one."""

    name: str  # as written
    folder: str = ""  # absolute, or relative to the working folder
    pointer: str = ""  # "/rules/0"

    @property
    def is_folder(self) -> bool:
        """Tell whether what is written is a path and no name of an installed pack."""
        return "/" in self.name or self.name.startswith(".")


class LegacySelector(NamedTuple):
    """Mark ports that may stay raw TCP for a while; an owner, reason or expiry left out is a finding."""

    namespace: str
    service: str | None = None
    workload: Mapping[str, str] | None = None  # pod labels, all of which must be equal
    ports: tuple[int, ...] = ()  # empty: every port of what is selected
    owner: str = ""
    reason: str = ""
    expires: str = ""  # YYYY-MM-DD
    line: int = 0
    pointer: str = ""  # "/legacy/0"
    file: str = ""  # the configuration that says so, as reports print it
    folder: Folder = Folder()  # where it holds


class External(NamedTuple):
    """Name what exists although no manifest shows it: a host, or an object when `kind` is not empty."""

    name: str  # may hold `*`
    namespace: str = ""
    kind: str = ""
    line: int = 0

    def covers_host(self, host: str) -> bool:
        """Tell whether this names the host; `*` stands for any text, letters in any case."""
        return not self.kind and fnmatchcase(host.lower().rstrip("."), self.name.lower())

    def covers_object(self, kind: str, namespace: str, name: str) -> bool:
        """Tell whether this names the object; kinds in any case, no namespace for cluster-wide ones."""
        return (
            self.kind.lower() == kind.lower()
            and fnmatchcase(namespace, self.namespace)
            and fnmatchcase(name, self.name)
        )


class Assumptions(NamedTuple):
    """Hold what the user vouches for and the manifests do not say."""

    labels: Mapping[str, Mapping[str, str]] = {}  # namespace → its labels
    mesh_config: Mapping[str, Any] = {}  # fields of the MeshConfig


class ConfiguredException(NamedTuple):
    """Silence rules for one object, a namespace or the files of a glob; what is not given is empty."""

    rules: tuple[str, ...]  # ids, names or families
    object: str = ""  # "Kind namespace/name" or "Kind name"
    path: str = ""  # glob, relative to the folder of the configuration
    reason: str = ""
    owner: str = ""
    expires: str = ""  # YYYY-MM-DD
    ticket: str = ""
    line: int = 0
    pointer: str = ""  # "/exceptions/0"
    namespace: str = ""  # glob
    file: str = ""  # the configuration that says so, as reports print it
    folder: Folder = Folder()  # where it holds


class OwnershipSetting(NamedTuple):
    """Say how the repository names the owners of its files."""

    platform: str = "auto"
    policy_owners: tuple[str, ...] = ()  # who may own mesh policy; empty: anybody
    elsewhere: bool = False  # another mechanism keeps ownership, so CODEOWNERS is not asked for
    exempt: tuple[str, ...] = ()  # globs of generated and vendored files that need no owner


class Override(NamedTuple):
    """Change which rules run, and how, for some paths and namespaces; where both are given both must match."""

    paths: tuple[str, ...] = ()  # globs, relative to the folder of the configuration; empty: all
    namespaces: tuple[str, ...] = ()  # `*` stands for any text; empty: all
    profile: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    rules: Mapping[str, RuleSetting] = {}
    line: int = 0
    pointer: str = ""  # "/overrides/0"


class Settings(NamedTuple):
    """Hold a whole configuration; the defaults are those of a run without a file."""

    path: str | None = None  # of the file, as reports print it
    root: bool = False
    profile: str = "standard"
    select: tuple[str, ...] = ()  # rules, families; not empty: replaces the profile
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: str = "error"
    complete: bool = False
    rules: Mapping[str, RuleSetting] = {}  # by id or name, as written
    packs: tuple[PackReference, ...] = ()  # in the order of `rules`
    legacy: tuple[LegacySelector, ...] = ()
    externals: tuple[External, ...] = ()
    assume: Assumptions = Assumptions()
    environments: Mapping[str, tuple[str, ...]] = {}
    exceptions: tuple[ConfiguredException, ...] = ()
    required_exception_fields: tuple[str, ...] = ("reason", "owner")
    mandatory: tuple[str, ...] = ()  # rules and families that always run and that nothing takes out
    ownership: OwnershipSetting = OwnershipSetting()
    overrides: tuple[Override, ...] = ()  # later ones win
    namespaces: Mapping[str, str] = {}  # glob of paths → namespace of the objects there that state none; later ones win
    said: tuple[str, ...] = ()  # the names of the fields that the file gives a value
    folder: Folder = Folder()  # where the file stands
    baseline: str = ""  # the file of known findings, in the file relative to its folder
    text: bytes = b""  # the file itself, to point into it when a rule is unknown


DEFAULTS = Settings()


def prefix_of(id_: str) -> str:
    """Return what an id begins with, `MTL` of MTL001; a rule of a pack may have no id but its full name."""
    return id_ if "/" in id_ else id_.rstrip("0123456789")


class KnownRule(NamedTuple):
    """Tell the configuration about a rule of the catalogue; `params` holds the default of every parameter."""

    id: str
    name: str
    family: str
    params: Mapping[str, Any] = {}
    severity: str = ""
    mandatory: bool = False  # by its pack

    def is_named(self, word: str) -> bool:
        """Tell whether a word of `select` or `ignore` means this rule: its id, name, family or id prefix."""
        return word in self.words

    @property
    def words(self) -> tuple[str, ...]:
        """Return what the rule answers to."""
        return self.id, self.name, self.family, prefix_of(self.id)


class ConfigErrors(ConfigError):
    """Report every mistake of a configuration at once; `errors` is never empty."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        first = errors[0]
        message = first.message if len(errors) == 1 else f"{len(errors)} mistakes in the configuration"
        super().__init__(message, location=first.location, help=first.help if len(errors) == 1 else "")
        self.errors = tuple(errors)
