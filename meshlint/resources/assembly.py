"""The facts of all files become one list of resources, each with the namespace that governs it.

In: the facts of every file, in the order of their paths. Out: `Assembly`: resources (patches of kustomizations left
out, namespaces of kustomizations, Flux, Argo CD and the command line applied) and what could not be judged without
rendering. It knows no mesh; which objects contradict each other is decided later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from meshlint.records import NamedTuple
from meshlint.resources.deliveries import delivered_namespaces
from meshlint.resources.digest import mapping, strings
from meshlint.resources.facts import FileFacts
from meshlint.resources.kinds import KUSTOMIZE_GROUP, is_cluster_scoped
from meshlint.resources.kustomize import Kustomization, kustomizations_of
from meshlint.resources.resource import Resource


class Unrendered(NamedTuple):
    """Name a kustomization whose result differs from its files, so that only rendering shows the truth."""

    path: str
    reason: str


class Assembly(NamedTuple):
    """Hold the resources of a run and what else its files told."""

    resources: tuple[Resource, ...]
    kustomizations: tuple[Kustomization, ...]
    unrendered: tuple[Unrendered, ...]
    patched_namespaces: frozenset[str] = frozenset()  # their labels are known only after rendering
    added_labels: frozenset[tuple[str, str]] = frozenset()  # labels that pods may get by rendering


def assemble(
    paths: Sequence[str],
    facts: Sequence[FileFacts],
    *,
    namespace: str = "",
    configured: Callable[[str], str] = lambda _path: "",
) -> Assembly:
    """Build the resources of a run.

    `configured` places the objects of a file that nothing in the set places, and `namespace` those that are left
    (`--namespace`).
    """
    raw = _raw_resources(paths, facts)
    kustomizations = kustomizations_of(raw)
    patches = {path for item in kustomizations for path in item.patches}
    reached = _kustomized_namespaces(kustomizations, set(paths))
    forced = {path: next(iter(names)) for path, names in reached.items() if len(names) == 1}
    divided = {path for path, names in reached.items() if len(names) > 1 and "" not in names}
    delivered = delivered_namespaces(raw)
    placed: list[Resource] = []
    for resource in raw:
        if resource.path in patches or resource.group == KUSTOMIZE_GROUP:
            continue
        resource.index = len(placed)
        if not is_cluster_scoped(resource.group, resource.kind):
            resource.namespace = forced.get(paths[resource.file]) or resource.namespace
            if not resource.namespace:
                path = paths[resource.file]
                resource.namespace = delivered.get(path, "") or configured(path) or namespace
                resource.placed_later |= paths[resource.file] in divided
        placed.append(resource)
    unrendered = tuple(Unrendered(item.path, item.reason) for item in kustomizations if item.reason)
    touched = {name for item in kustomizations for name in item.patched_namespaces}
    touched |= {r.name for r in raw if r.path in patches and r.kind == "Namespace"}
    added = {label for item in kustomizations for label in item.added_labels}
    added.update(label for r in raw if r.path in patches for label in _pod_labels(r))
    return Assembly(tuple(placed), tuple(kustomizations), unrendered, frozenset(touched), frozenset(added))


def _pod_labels(patch: Resource) -> Iterable[tuple[str, str]]:
    """Return the labels that a patch of a workload gives its pods."""
    return strings(mapping(patch.content().get("template")).get("labels")).items()


def _raw_resources(paths: Sequence[str], facts: Sequence[FileFacts]) -> list[Resource]:
    found: list[Resource] = []
    for file, (path, told) in enumerate(zip(paths, facts, strict=True)):
        sources = {document: source for document, _, _, source in told.headers if source}
        for record in told.records:
            resource = Resource(len(found), file, sources.get(record[0], path), record)
            resource.placed_later = record[0] in sources  # Helm wrote it, and takes the namespace at install
            found.append(resource)
    return found


def _kustomized_namespaces(kustomizations: Sequence[Kustomization], files: set[str]) -> dict[str, set[str]]:
    """Return file → the namespaces that the kustomizations which reach it say; "" where one says none.

    The outermost `namespace:` wins, because kustomize runs the transformers of a base before those of its overlay. A
    base that two overlays place differently has no namespace until somebody renders it.
    """
    by_path = {item.folder: item for item in kustomizations}
    inner = {child for item in kustomizations for child in item.folders if child in by_path}
    reached: dict[str, set[str]] = {}
    for item in kustomizations:
        if item.folder in inner:
            continue
        stack, seen = [(item, item.namespace)], {item.folder}
        while stack:
            current, namespace = stack.pop()
            for path in current.files:
                if path in files:
                    reached.setdefault(path, set()).add(namespace)
            for folder in current.folders:
                child = by_path.get(folder)
                if child is not None and folder not in seen:
                    seen.add(folder)
                    stack.append((child, namespace or child.namespace))
    return reached
