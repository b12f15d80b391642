"""One object of a run, whole: what is in force for it, who owns it, which rules speak of it.

In: what a run read, and what somebody asks about. Out: `Inspection`, or a UsageError that names the candidates. An
object that several environments hold is answered for each of them; answers that agree are given once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from meshlint.errors import Location, Position, UsageError
from meshlint.findings.assembling import WITHIN_OBJECTS
from meshlint.findings.finding import Finding, Unsettled
from meshlint.findings.inputs import Inputs
from meshlint.findings.judging import Judged, Resolved, judge_all, resolve_all
from meshlint.findings.locating import Locator
from meshlint.findings.notes import few
from meshlint.mesh.inspections.answers import Answer
from meshlint.mesh.inspections.inspections import answer_of
from meshlint.mesh.inspections.naming import Found, candidates, is_known, known_words, matching
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.judgement import Failure
from meshlint.policy.views.values import address
from meshlint.records import NamedTuple
from meshlint.spelling import did_you_mean, nearest

_SHOWN = 10


class Owners(NamedTuple):
    """Say who owns the file of an object, and which line of CODEOWNERS says so."""

    value: tuple[str, ...] | None
    because: str
    line: Location | None
    missing: str = ""


class Heard(NamedTuple):
    """Hold what the rules say of an object, and what they say of others at a place inside it."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    undecided: tuple[Unsettled, ...]


class Inspected(NamedTuple):
    """Hold the answers for one object in one environment."""

    environment: str
    found: Found
    answer: Answer
    owners: Owners
    heard: Heard


class Inspection(NamedTuple):
    """Hold the answers, the notes of the run, and where every place stands."""

    answers: tuple[Inspected, ...]
    notes: tuple[str, ...]
    locator: Locator
    failures: tuple[Failure, ...] = ()

    def at(self, place: Place) -> Location:
        """Return where a place stands."""
        return self.locator.at(address(place))


def inspect(inputs: Inputs, kind: str, name: str) -> Inspection:
    """Answer for the object of that kind and name.

    Raises UsageError where there is no such kind or object, or more than one.
    """
    resolved = resolve_all(inputs)
    rows = list(_rows(resolved, kind, name))
    _refuse_unless_one(resolved.meshes, rows, kind, name)
    judged = judge_all(inputs, resolved)
    agreeing: list[tuple[Answer, list[tuple[str, Found]]]] = []
    for environment, mesh, one in rows:
        answer = answer_of(mesh, one)
        held = next((held for other, held in agreeing if other == answer), None)
        if held is None:
            agreeing.append((answer, [(environment, one)]))
        else:
            held.append((environment, one))
    told = []
    for answer, held in agreeing:
        one = held[0][1]
        heard = _heard(judged, one, resolved.meshes)
        told.append(Inspected(_named(held, resolved), one, answer, _owners(inputs, one), heard))
    resolved.locator.prepare(address(place) for inspected in told for place in _places(inspected))
    notes = tuple(_notes(resolved.meshes, judged))
    return Inspection(tuple(told), notes, resolved.locator, tuple(judged.failures))


def _places(value: object) -> Iterator[Place]:
    """Yield every place of an answer, so that each file is read once for all of them."""
    if isinstance(value, Place):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _places(item)


def _named(held: Sequence[tuple[str, Found]], resolved: Resolved) -> str:
    """Name the environments of an answer; nothing where it is the same in all of them."""
    return "" if len(held) == len(resolved.environments) else ", ".join(name for name, _ in held)


def _rows(resolved: Resolved, kind: str, name: str) -> Iterator[tuple[str, Mesh, Found]]:
    for environment, mesh in zip(resolved.environments, resolved.meshes, strict=True):
        for found in matching(candidates(mesh, kind), name):
            yield environment, mesh, found


def _refuse_unless_one(meshes: Sequence[Mesh], rows: Sequence[tuple[str, Mesh, Found]], kind: str, name: str) -> None:
    """Raise unless one object is meant."""
    if not any(is_known(mesh, kind) for mesh in meshes):
        words = {word for mesh in meshes for word in known_words(mesh)}
        near = nearest(kind, words)
        hint = f"did you mean `{near}`?" if near else "name a kind as kubectl does, or `workload`"
        raise UsageError(f"there is no kind `{kind}`", help=hint)
    different = {(found.kind, found.resource.group if found.resource else "", found.namespace, found.name)
                 for _, _, found in rows}  # fmt: skip
    if len(different) > 1:
        texts = sorted({_written(found) for _, _, found in rows})
        raise UsageError(f"`{name}` is {len(texts)} objects", help=f"name one of {', '.join(texts[:_SHOWN])}")
    if not rows:
        raise UsageError(f"there is no {kind} `{name}`", help=_nearby(meshes, kind, name))


def _written(found: Found) -> str:
    """Return how to ask for an object so that no other is meant."""
    group = found.resource.group if found.resource is not None else ""
    kind = found.kind.lower() + (f".{group}" if group else "")
    return f"`{kind} {found.namespace}/{found.name}`"


def _nearby(meshes: Sequence[Mesh], kind: str, name: str) -> str:
    known = {
        f"{found.namespace}/{found.name}" if found.namespace else found.name
        for mesh in meshes
        for found in candidates(mesh, kind)
    }
    short = name.rpartition("/")[2]
    same = sorted(full for full in known if full.rpartition("/")[2] == short)
    if same:
        return f"did you mean `{same[0]}`?" if len(same) == 1 else f"there are {', '.join(same[:_SHOWN])}"
    by_name = {full.rpartition("/")[2]: full for full in sorted(known, reverse=True)}
    near = nearest(short, by_name)
    if near:
        return f"did you mean `{by_name[near]}`?"
    return did_you_mean(name, known) or (
        f"the paths hold {len(known)} of that kind" if known else "the paths hold none of that kind"
    )


def _owners(inputs: Inputs, found: Found) -> Owners:
    if found.resource is None:
        return Owners(
            None, f"{found.kind} {found.name} has no manifest", None, f"manifest of {found.kind} {found.name}"
        )
    if inputs.root is None:
        return Owners(None, "the run has no root, so nobody is asked who owns a file", None, "root of the repository")
    codeowners = inputs.codeowners
    if codeowners is None:
        return Owners((), "the repository has no CODEOWNERS", None)
    told = codeowners.owners_of(found.resource.path)
    line = None
    if told.line is not None:
        line = Location(codeowners.path, Position(told.line, 1), Position(told.line, 1))
    if not told.known:
        return Owners(None, told.because, line, told.because)
    return Owners(told.owners, told.because, line)


def _heard(judged: Judged, found: Found, meshes: Sequence[Mesh]) -> Heard:
    """Find what is said of an object: about it, at a place inside it, or with its name in the message."""
    if found.resource is None:
        return Heard((), (), ())
    path, first, end = _span(found, meshes)
    identity = (found.kind, found.namespace, found.name)
    named = re.compile(rf"\b{re.escape(found.text)}(?![\w./-])")

    def is_inside(location: Location) -> bool:
        return location.path == path and first <= location.start.line < end

    def speaks(finding: Finding) -> bool:
        if finding.resource[1:] == identity or is_inside(finding.location) or named.search(finding.message):
            return True
        return any(is_inside(item.location) or named.search(item.message) for item in finding.related)

    return Heard(
        tuple(finding for finding in judged.findings if speaks(finding)),
        tuple(finding for finding, _ in judged.suppressed if speaks(finding)),
        tuple(item for item in judged.undecided if item.resource[1:] == identity),
    )


def _span(found: Found, meshes: Sequence[Mesh]) -> tuple[str, int, float]:
    """Return path, first line and the line where the next object of the file begins."""
    resource = found.resource
    assert resource is not None  # asked for objects of manifests only
    later = [
        other.line
        for mesh in meshes
        for other in mesh.inventory.resources
        if other.path == resource.path and other.line > resource.line
    ]
    return resource.path, resource.line, min(later, default=float("inf"))


def _notes(meshes: Sequence[Mesh], judged: Judged) -> Iterator[str]:
    for file in (file for mesh in meshes for file in mesh.files):
        for problem in file.problems:
            if not problem.is_note and problem.code not in WITHIN_OBJECTS:
                yield f"{file.path}:{problem.span[0]}: {problem.message}; what stands there is not part of the answer"
    for item in judged.unjudged:
        yield f"{few(item.paths)}: {item.reason}, not part of the answer"
