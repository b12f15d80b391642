"""What kustomizations say without being rendered: which files they list, patch and place in a namespace.

In: resources, the kustomizations among them. Out: `Kustomization` with paths as the sources name them. Nothing is
rendered here; where the result differs from the files, `reason` says so.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any

from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.kinds import KUSTOMIZE_GROUP
from meshlint.resources.resource import Resource

_CHANGERS = {
    "patches": "patches",
    "patchesStrategicMerge": "patches",
    "patchesJson6902": "patches",
    "transformers": "transformers",
    "replacements": "replacements",
    "namePrefix": "prefixes of names",
    "nameSuffix": "suffixes of names",
    "labels": "labels",
    "commonLabels": "labels",
    "commonAnnotations": "annotations",
    "helmCharts": "Helm charts",
    "generators": "generators",
}


class Kustomization(NamedTuple):
    """Describe one kustomization; all paths are as the sources name them."""

    path: str
    folder: str
    namespace: str
    files: tuple[str, ...]
    folders: tuple[str, ...]
    patches: tuple[str, ...]
    reason: str  # "" when the files are the result
    patched_namespaces: tuple[str, ...] = ()  # names of Namespaces that inline patches change, "*" for all
    words: tuple[str, ...] = ()  # by which rendering names objects: prefixes, suffixes, Helm releases
    added_labels: tuple[tuple[str, str], ...] = ()  # labels that pods get when it is rendered


def kustomizations_of(resources: Iterable[Resource]) -> list[Kustomization]:
    """Read every kustomization among the resources, in the order of their paths."""
    return [
        _kustomization(resource)
        for resource in resources
        if resource.group == KUSTOMIZE_GROUP and resource.kind in ("Kustomization", "Component")
    ]


def _kustomization(resource: Resource) -> Kustomization:
    content = resource.content()
    folder = posixpath.dirname(resource.path)
    listed: list[str] = []
    for field in ("resources", "bases", "components", "crds"):
        listed += [_joined(folder, entry) for entry in sequence(content.get(field)) if _is_local(entry)]
    changes = [what for field, what in _CHANGERS.items() if content.get(field)]
    reason = " and ".join(dict.fromkeys(changes)) + " are applied only by rendering" if changes else ""
    return Kustomization(
        resource.path,
        folder,
        text(content.get("namespace")),
        tuple(path for path in listed if path.endswith((".yaml", ".yml", ".json"))),
        tuple(path for path in listed if not path.endswith((".yaml", ".yml", ".json"))),
        tuple(_patch_files(folder, content)),
        reason,
        tuple(_patched_namespaces(content)),
        tuple(_words(content)),
        tuple(_added_labels(content)),
    )


def _words(content: dict[str, Any]) -> Iterable[str]:
    """Yield the words that the names of rendered objects contain and those of the files do not."""
    found = [text(content.get("namePrefix")), text(content.get("nameSuffix"))]
    for chart in map(mapping, sequence(content.get("helmCharts"))):
        found += [text(chart.get("name")), text(chart.get("releaseName"))]
    return (word for word in (item.strip("-").lower() for item in found) if word)


def _added_labels(content: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for added in (
        content.get("commonLabels"),
        *(mapping(item).get("pairs") for item in sequence(content.get("labels"))),
    ):
        yield from strings(added).items()


def _patched_namespaces(content: dict[str, Any]) -> Iterable[str]:
    """Yield the Namespaces whose labels patches may change: by target, or all where labels are added to everything."""
    for entry in sequence(content.get("patches")) + sequence(content.get("patchesJson6902")):
        target = mapping(mapping(entry).get("target"))
        if text(target.get("kind")) == "Namespace":
            yield text(target.get("name")) or "*"
        elif not target and "kind: Namespace" in text(mapping(entry).get("patch")):
            yield "*"
    labels = [content.get("commonLabels"), *(mapping(item).get("pairs") for item in sequence(content.get("labels")))]
    if any("istio" in key for item in labels for key in mapping(item)):
        yield "*"


def _patch_files(folder: str, content: dict[str, Any]) -> Iterable[str]:
    for entry in sequence(content.get("patchesStrategicMerge")):
        if isinstance(entry, str) and "\n" not in entry:
            yield _joined(folder, entry)
    for field in ("patches", "patchesJson6902"):
        for entry in sequence(content.get(field)):
            if path := text(mapping(entry).get("path")):
                yield _joined(folder, path)
    for field in ("transformers", "generators", "configurations", "replacements"):
        for entry in sequence(content.get(field)):
            path = entry if isinstance(entry, str) else text(mapping(entry).get("path"))
            if path and "\n" not in path:
                yield _joined(folder, path)


def _is_local(entry: object) -> bool:
    return isinstance(entry, str) and "://" not in entry and "\n" not in entry and not entry.startswith("git@")


def _joined(folder: str, entry: str) -> str:
    return posixpath.normpath(posixpath.join(folder, entry)) if folder else posixpath.normpath(entry)
