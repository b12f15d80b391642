"""Suppressions in annotations: our own, with the fields of a comment, and those of Kiali and Istio for their codes.

In: resources and meshes, the words of rules, a way to locate a field. Out: suppressions of annotated objects; an
annotation of a pod template speaks of its workload. Every line of our own annotation is one suppression:

    meshlint.dev/ignore: RES001, RES002 until=2027-01-31 owner=@hms/platform ticket=HMS-12 reason in words

The annotations of others hold nothing but codes. Kiali reads an empty value as all of its codes (documentation of
Kiali, "Ignoring validations"); Istio reads `*` so (`galley.istio.io/analyze-suppress` of its annotation reference).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from meshlint.findings.finding import Subject
from meshlint.findings.locating import Locator
from meshlint.findings.suppressions.suppressions import ANNOTATION, Suppression, fields_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.selection.rule_words import EVERY, RuleWords
from meshlint.policy.views.values import address
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, strings
from meshlint.resources.resource import Resource

KIALI = "kiali.io/ignore-validations"
ISTIO = "galley.istio.io/analyze-suppress"

_TOOLS = {KIALI: "kiali", ISTIO: "istioctl"}
_KEYS = frozenset((ANNOTATION, KIALI, ISTIO))
_ON_PODS = frozenset((ANNOTATION, ISTIO))  # Kiali looks at the object that makes the pods, not at its template
_RULE = r"[A-Za-z0-9*][A-Za-z0-9*/_.-]*(?![=\w])"
_LINE = re.compile(rf"({_RULE}(?:\s*,\s*{_RULE})*)(?:\s+(.*))?$", re.DOTALL)
_FORM = f"`{ANNOTATION}: RULE, RULE until=DATE owner=WHO reason`"


class _Annotation(NamedTuple):
    """Hold one annotation and the object that it speaks of."""

    resource: Resource
    pointer: str
    key: str
    value: str


def from_annotations(
    resources: Sequence[Resource], meshes: Iterable[Mesh], words: RuleWords, locator: Locator
) -> list[Suppression]:
    """Read the suppressions of all objects; a value that cannot be read says so in `mistake`."""
    found = [*_on_objects(resources), *_on_pods(meshes)]
    if not found:
        return []
    found.sort(key=lambda item: (item.resource.index, item.pointer))
    places = [address(Place(item.resource, item.pointer)) for item in found]
    locator.prepare(places)
    read = [one for item, at in zip(found, places, strict=True) for one in _read(item, words, locator, at)]
    return _among_namesakes(read, resources)


def _on_objects(resources: Iterable[Resource]) -> Iterator[_Annotation]:
    """Yield what stands on objects, and on the job templates of CronJobs."""
    for resource in resources:
        own = resource.annotations
        if own and not _KEYS.isdisjoint(own):
            yield from (_Annotation(resource, _pointer("", key), key, own[key]) for key in _KEYS.intersection(own))
        if resource.kind == "CronJob":
            annotations = strings(mapping(resource.content().get("job")).get("annotations"))
            yield from _of_template(resource, "/spec/jobTemplate", annotations)


def _on_pods(meshes: Iterable[Mesh]) -> Iterator[_Annotation]:
    """Yield what stands on pod templates; a Pod is its own, and an object of several meshes is one."""
    workloads = {w.resource.index: w for mesh in meshes for w in mesh.inventory.workloads
                 if w.annotations and w.template}  # fmt: skip
    for workload in workloads.values():
        yield from _of_template(workload.resource, workload.template, workload.annotations)


def _of_template(resource: Resource, template: str, annotations: Mapping[str, str]) -> Iterator[_Annotation]:
    for key in _ON_PODS.intersection(annotations):
        yield _Annotation(resource, _pointer(template, key), key, annotations[key])


def _pointer(above: str, key: str) -> str:
    return f"{above}/metadata/annotations/{key.replace('/', '~1')}"


def _read(item: _Annotation, words: RuleWords, locator: Locator, at: str) -> Iterator[Suppression]:
    location, resource = locator.at(at), item.resource
    (first, column), (last, end) = location.start, location.end
    bare = Suppression(
        "annotation", location.path, (first, column, last, end), (), "", "", "", resource.file,
        subject=_subject(resource), place=Place(resource, item.pointer), pointer=location.pointer,
    )  # fmt: skip
    if item.key in _TOOLS:
        yield _of_another(bare, item, words)
        return
    lines = [line.strip() for line in item.value.splitlines() if line.strip()]
    for line in lines or [""]:
        match = _LINE.match(line)
        if match is None:
            yield bare._replace(mistake=f"is no suppression that meshlint reads: write {_FORM}")
            continue
        told = fields_of(match[2] or "")
        rules = tuple(word.strip() for word in match[1].split(","))
        yield bare._replace(
            rules=rules, reason=told.reason, owner=told.owner, expires=told.expires, ticket=told.ticket,
            mistake=told.mistake,
        )  # fmt: skip


def _of_another(bare: Suppression, item: _Annotation, words: RuleWords) -> Suppression:
    """Read the annotation of another tool: it names codes and can give no reason."""
    tool = _TOOLS[item.key]
    codes = tuple(code.strip() for code in item.value.split(",") if code.strip())
    every = not codes if item.key == KIALI else EVERY in codes
    named = "everything" if every else ", ".join(codes) or "nothing"
    return bare._replace(
        rules=words.equivalent_to(tool, (EVERY,) if every else codes),
        foreign=item.key,
        reason=f"{item.key} names {named}",
        is_all=every,
    )


def _among_namesakes(found: Iterable[Suppression], resources: Iterable[Resource]) -> list[Suppression]:
    """Say which suppressions hold for one of several objects of one name alone, because not all of them say so."""
    rows = list(found)
    subjects = {item.subject for item in rows}
    described = Counter(subject for r in resources if (subject := _subject(r)) in subjects)
    if all(count == 1 for count in described.values()):
        return rows
    saying = {(item.subject, item.rules, item.place.resource.index) for item in rows if item.place}
    agreeing = Counter((subject, rules) for subject, rules, _ in saying)
    return [
        item._replace(is_partial=item.subject is None or agreeing[item.subject, item.rules] < described[item.subject])
        for item in rows
    ]


def _subject(resource: Resource) -> Subject:
    return Subject(resource.api_version, resource.kind, resource.namespace, resource.name)
