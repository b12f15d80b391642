"""From the plan of a finding to what happens to which text.

In: findings with plans (`policy.fixes`), the objects and files of the run. Out: `Change`s: operations by file and
document, manifests to create, lines of CODEOWNERS, comments to take out. What cannot be changed is refused with a
reason.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from typing import Any

from meshlint.findings.finding import Finding
from meshlint.findings.locating import parse_address
from meshlint.fixes.operations import Append, CannotEdit, Move, Operation, Remove, Rename, Set, pointer_of, value_at
from meshlint.fixes.yaml_editor import edited
from meshlint.records import NamedTuple
from meshlint.repairs.editable import refusal_of, refusal_of_file
from meshlint.repairs.trees import Tree, Verdict
from meshlint.resources.resource import Resource
from meshlint.sources.source import Source, read
from meshlint.syntax.stream import read_stream

Key = tuple[str, tuple[str, ...], str]


class Site(NamedTuple):
    """Name a document of a file, by the path that reports print."""

    path: str
    document: int


class Review(NamedTuple):
    """Point to a value that a person has to look at."""

    site: Site
    pointer: str
    text: str


class Creation(NamedTuple):
    """Hold objects to create in one file, the name that it has, and the path of the file beside which it goes."""

    manifests: tuple[str, ...]
    file: str
    beside: str


class Change(NamedTuple):
    """Hold everything that fixing one finding takes."""

    finding: Finding
    operations: tuple[tuple[Site, Operation], ...] = ()
    creations: tuple[tuple[Creation, tuple[tuple[str, str], ...]], ...] = ()  # with what to review, by pointer
    comments: tuple[tuple[str, tuple[int, ...]], ...] = ()  # path and span
    owned: tuple[str, ...] = ()  # paths that get an owner
    review: tuple[Review, ...] = ()


def key_of(finding: Finding) -> Key:
    """Return what names a finding from one round to the next."""
    return finding.rule, tuple(finding.resource), finding.cause


class Planner:
    """Plan changes over one judged tree; every document is parsed once."""

    def __init__(self, tree: Tree, verdict: Verdict) -> None:
        self._tree = tree
        self._assembly = verdict.resolved.assembly
        self._documents: dict[str, list[Any]] = {}
        self._refusals: dict[tuple[str, int], str] = {}

    def change(self, finding: Finding) -> Change:
        """Return what fixing a finding takes; raises CannotEdit with the reason where it cannot be fixed."""
        change = Change(finding)
        plans = [marshal.loads(plan) for plan in finding.plans]
        for plan in plans:
            if "because" in plan:
                raise CannotEdit(plan["because"])
        for plan in plans:
            change = self._with(change, plan)
        return change

    def _with(self, change: Change, plan: dict[str, Any]) -> Change:
        if plan["uncomment"]:
            return change._replace(comments=(*change.comments, self._comment(plan["at"])))
        if plan.get("codeowners"):
            change = change._replace(owned=(*change.owned, *plan["codeowners"]))
        if plan["operations"]:
            change = self._with_operations(change, plan)
        if not plan["objects"]:
            return change
        by_file: dict[tuple[str, str], list[str]] = {}
        for row in plan["objects"]:
            beside = self._resource(row["beside"])
            self._require_editable(beside)
            by_file.setdefault((row["file"], self._source(beside).path), []).append(self._manifest(plan, row))
        review = tuple((self._pointer(target, "", "") if target else "", text) for target, text in plan["review"])
        created = tuple((Creation(tuple(texts), *where), review) for where, texts in by_file.items())
        return change._replace(creations=(*change.creations, *created))

    def _with_operations(self, change: Change, plan: dict[str, Any]) -> Change:
        address = parse_address(plan["at"])
        resource = self._resource(plan["at"])
        self._require_editable(resource)
        site = Site(self._source(resource).path, resource.document)
        place = address.pointer.removesuffix("#")
        content = self._document(site)
        outer = resource.prefix + place
        text = _at(content, outer) if plan["inside"] else None
        found: list[tuple[Site, Operation]]
        if isinstance(text, str):
            inner = read_stream(text.encode()).documents
            rows = list(self._operations(plan, "", "", inner[0].value if inner else None))
            found = [(site, Set(outer, edited(text, {0: rows})))]
        else:
            found = [(site, operation) for operation in self._operations(plan, resource.prefix, place, content)]
        if not found:
            raise CannotEdit("there is nothing at this place that it could change")
        first = found[0][1].pointer
        review = [
            Review(site, self._pointer(target, resource.prefix, place) if target else first, text)
            for target, text in plan["review"]
        ]
        return change._replace(operations=(*change.operations, *found), review=(*change.review, *review))

    def _operations(self, plan: dict[str, Any], prefix: str, place: str, content: Any) -> Iterator[Operation]:
        """Yield the operations of a plan; what there is nothing to take from or to fill up is left out."""
        for what, target, value in plan["operations"]:
            pointer = self._pointer(target, prefix, place)
            found = self._given(value, prefix, place, content)
            if what == "move":
                if isinstance(value, tuple) and found is not None:
                    yield Move(self._pointer(value[1][0], prefix, place), pointer)
                continue
            if found is None and isinstance(value, tuple):
                continue
            operation = _operation(what, pointer, found, _at(content, pointer), plan["comment"])
            if operation is not None:
                yield operation

    def _given(self, value: Any, prefix: str, place: str, content: Any) -> Any:
        """Return a value, with what stands elsewhere in the object where it says so."""
        if isinstance(value, tuple):
            _, targets, each = value
            given = (_at(content, self._pointer(target, prefix, place)) for target in targets)
            found = next((item for item in given if item is not None), None)
            if each is not None and isinstance(found, list):
                return [_with_item(each, item) for item in found]
            return found
        if isinstance(value, dict):
            return {key: self._given(item, prefix, place, content) for key, item in value.items()}
        return [self._given(item, prefix, place, content) for item in value] if isinstance(value, list) else value

    def _manifest(self, plan: dict[str, Any], row: dict[str, Any]) -> str:
        """Return the manifest of a new object, with the values that are no texts."""
        manifest: str = row["manifest"]
        operations: list[Operation] = [Set(self._pointer(to, "", ""), value) for to, value in row["values"]]
        if row["repeated"]:
            resource = self._resource(plan["at"])
            content = self._document(Site(self._source(resource).path, resource.document))
            for to, other in row["repeated"]:
                value = _at(content, self._pointer(other, resource.prefix, ""))
                if value is not None:
                    operations.append(Set(self._pointer(to, "", ""), value))
        return edited(manifest, {0: operations}) if operations else manifest

    def _pointer(self, target: tuple[str, list[str]], prefix: str, place: str) -> str:
        """Return the pointer of a target in its document."""
        base, segments = target
        if base == "/":
            return prefix + pointer_of(segments)
        steps = place.split("/")[1:]
        for segment in segments:
            if segment == "..":
                steps = steps[:-1]
            else:
                steps = [*steps, pointer_of([segment])[1:]]
        return prefix + "".join(f"/{step}" for step in steps)

    def _comment(self, address: str) -> tuple[str, tuple[int, ...]]:
        place = parse_address(address)
        source = self._tree.source(place.path)
        if place.resource >= 0 or source is None or source.file is None:
            raise CannotEdit("the comment stands in no file that was read")
        if because := refusal_of_file(source):
            raise CannotEdit(because)
        return source.path, place.span

    def _resource(self, address: str) -> Resource:
        place = parse_address(address)
        if place.resource >= 0:
            return self._assembly.resources[place.resource]
        inside = next((r for r in self._assembly.resources if r.path == place.path), None)
        if inside is None:
            raise CannotEdit("no object stands at this place")
        return inside

    def _source(self, resource: Resource) -> Source:
        return self._tree.sources[resource.file]

    def _require_editable(self, resource: Resource) -> None:
        key = (resource.path, resource.index)
        if key not in self._refusals:
            self._refusals[key] = refusal_of(resource, self._source(resource), self._assembly.kustomizations)
        if self._refusals[key]:
            raise CannotEdit(self._refusals[key])

    def _document(self, site: Site) -> Any:
        if site.path not in self._documents:
            source = self._tree.source(site.path)
            stream = read_stream(read(source)) if source is not None else None
            self._documents[site.path] = [document.value for document in stream.documents] if stream else []
        documents = self._documents[site.path]
        if site.document >= len(documents):
            raise CannotEdit("the document cannot be read")
        return documents[site.document]


def _operation(what: str, pointer: str, value: Any, old: Any, comment: str) -> Operation | None:
    """Return one operation of a way as the editor knows it, None where it would change nothing."""
    if what in ("set", "repeat"):
        return Set(pointer, _merged(old, value), comment)
    if what == "fill":
        filled = _merged(value, old) if old is not None else value
        return Set(pointer, filled, comment) if filled != old else None
    if what == "append":
        return Append(pointer, value)
    if what == "rename":
        return Rename(pointer, str(value))
    return Remove(pointer, prune=True)


def _with_item(template: Any, item: Any) -> Any:
    """Return a template in which `$item` stands for one item of a list."""
    if isinstance(template, dict):
        return {key: _with_item(value, item) for key, value in template.items()}
    if isinstance(template, list):
        return [_with_item(value, item) for value in template]
    return item if template == "$item" else template


def _at(content: Any, pointer: str) -> Any:
    found = value_at(content, [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]])
    return found if isinstance(found, (dict, list, str, int, float, bool)) else None


def _merged(old: Any, new: Any) -> Any:
    """Return a mapping with what the new one says, and what only the old one says."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}


def conflicting(one: Sequence[tuple[Site, Operation]], other: Sequence[tuple[Site, Operation]]) -> bool:
    """Tell whether two changes touch one value in different ways."""
    for site, first in one:
        for place, second in other:
            if site == place and first != second and _meet(_claim(first), _claim(second)):
                return True
    return False


def _claim(operation: Operation) -> str:
    """Return the pointer of all that an operation may move: taking an item out renumbers the list."""
    if isinstance(operation, Remove) and operation.pointer.rpartition("/")[2].isdecimal():
        return operation.pointer.rpartition("/")[0]
    return operation.pointer


def _meet(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
