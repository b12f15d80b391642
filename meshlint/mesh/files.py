"""The files of a run: what is wrong with their text, which of them hold mesh policy, and who owns them.

In: paths, the facts of each file, the resources, CODEOWNERS. Out: `FileFact` for each file. Ownership is judged only
below a known root, because CODEOWNERS speaks of paths of its repository.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.mesh.ownership.accepted import Override, override_of
from meshlint.mesh.ownership.codeowners import CodeOwners, Ownership
from meshlint.mesh.ownership.guards import Guard
from meshlint.records import NamedTuple
from meshlint.resources.facts import FileFacts
from meshlint.resources.kinds import POD_TEMPLATES, RBAC_GROUP, grants_mesh_writes, is_mesh_policy_kind
from meshlint.resources.resource import Resource

Span = tuple[int, int, int, int]
"""First line and column, last line and column."""


class TextProblem(NamedTuple):
    """Say what is wrong with the text of a file; a note only says that something was not judged."""

    code: str
    message: str
    span: Span
    is_note: bool = False


class RepositoryFact(NamedTuple):
    """Describe the repository below the root, as far as ownership goes."""

    has_codeowners: bool
    owned_elsewhere: bool  # another mechanism keeps ownership
    policy_owners: tuple[str, ...]  # who may own mesh policy; empty: anybody
    platform: str | None
    guards: tuple[Guard, ...]


class FileFact(NamedTuple):
    """Describe one file of the run."""

    file: int  # among the sources of the run
    path: str
    problems: tuple[TextProblem, ...]
    first: Resource | None  # its first object
    policy: Resource | None  # its first policy object
    ownership: Ownership | None  # None: not evaluated
    is_configuration: bool = False  # of meshlint: whoever changes it can silence every rule
    in_repository: bool = True  # below the root and in need of an owner
    override: Override | None = None  # better owners that a later line took it away from


def file_facts(
    paths: Sequence[str],
    named: Sequence[bool],
    facts: Sequence[FileFacts],
    resources: Sequence[Resource],
    codeowners: CodeOwners | None,
    below_root: Sequence[bool],
    accepted: Sequence[str] = (),
) -> tuple[FileFact, ...]:
    """Describe the files of a run, in the order of the sources."""
    first: dict[int, Resource] = {}
    policy: dict[int, Resource] = {}
    for resource in resources:
        first.setdefault(resource.file, resource)
        if resource.file not in policy and is_policy(resource):
            policy[resource.file] = resource
    found = []
    for index, (path, told) in enumerate(zip(paths, facts, strict=True)):
        held = policy.get(index)
        ownership = override = None
        if held is not None and codeowners is not None and below_root[index]:
            ownership = codeowners.owners_of(path)
            override = override_of(codeowners, path, ownership, accepted)
        problems = text_problems(told, named[index])
        if problems or index in first:
            own = below_root[index]
            found.append(FileFact(index, path, problems, first.get(index), held, ownership, False, own, override))
    return tuple(found)


def configuration_fact(path: str, codeowners: CodeOwners) -> FileFact:
    """Describe the configuration of the run, which needs an owner as policy does."""
    return FileFact(-1, path, (), None, None, codeowners.owners_of(path), True)


def is_policy(resource: Resource) -> bool:
    """Tell whether an object is mesh policy, so that its file needs an owner."""
    if is_mesh_policy_kind(resource.group, resource.kind):
        return True
    if resource.group == RBAC_GROUP and resource.kind in ("Role", "ClusterRole"):
        return grants_mesh_writes(resource.content())
    is_mesh_map = resource.kind == "ConfigMap" and (resource.name == "istio" or resource.name.startswith("istio-"))
    return is_mesh_map and b"mesh" in resource.body


def unrendered_kinds(paths: Sequence[str], facts: Sequence[FileFacts]) -> frozenset[str]:
    """Return the kinds of which templates may hold objects that govern what the set describes.

    Templates that stand in one folder with those of workloads are the chart of an application and speak of that; a
    folder of policies alone may speak of anybody.
    """
    folders: dict[str, set[str]] = {}
    for path, told in zip(paths, facts, strict=True):
        if told.unrendered:
            folders.setdefault(path.rpartition("/")[0], set()).update(told.unrendered)
    return frozenset(kind for kinds in folders.values() if not kinds & _OF_APPLICATIONS for kind in kinds)


_OF_APPLICATIONS = {name.rpartition("/")[2] for name in POD_TEMPLATES}


def templated_names(paths: Sequence[str], facts: Sequence[FileFacts]) -> frozenset[str]:
    """Return the words by which what templates make is named: their charts, else their files."""
    found = set()
    for path, told in zip(paths, facts, strict=True):
        if told.template or told.unrendered:
            folders, _, name = path.rpartition("/")
            chart, is_chart, _ = f"/{folders}/".rpartition("/templates/")
            found.add(chart.rpartition("/")[2] if is_chart else name.partition(".")[0])
    return frozenset(word.lower() for word in found if word)


def text_problems(facts: FileFacts, named: bool) -> tuple[TextProblem, ...]:
    """Return what is wrong with a file that should be judged: named, or with the shape of a manifest."""
    if facts.template and not named:
        return ()  # counted in the summary, with how to render it
    if not named and not facts.manifest and not facts.records:
        return ()
    found = []
    for code, message, start, end, _ in facts.problems:
        found.append(TextProblem(code, message, (*start, *end)))
    if facts.template:
        note = f"{facts.template} template source that was not rendered, so its objects were not judged"
        found = [TextProblem("template", note, (1, 1, 1, 1), True)]
    return tuple(found)
