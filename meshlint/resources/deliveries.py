"""The namespaces that GitOps controllers give to objects which state none.

In: resources, the Flux Kustomizations and Argo CD Applications among them. Out: file → namespace, where exactly one
delivery reaches the file. Paths of a delivery are relative to its repository, so they count only below the root.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any

from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource


def delivered_namespaces(resources: Iterable[Resource]) -> dict[str, str]:
    """Return file → the namespace of the one Flux Kustomization or Argo CD Application that delivers it."""
    rows = list(resources)
    by_folder: dict[str, set[str]] = {}
    for resource in rows:
        for folder, namespace in _deliveries(resource):
            by_folder.setdefault(folder, set()).add(namespace)
    if not by_folder:
        return {}
    found: dict[str, str] = {}
    for path in {resource.path for resource in rows}:
        folder = posixpath.dirname(path)
        while folder not in ("", "/"):
            if names := by_folder.get(folder):
                if len(names) == 1:
                    found[path] = next(iter(names))
                break
            folder = posixpath.dirname(folder)
    return found


def _deliveries(resource: Resource) -> Iterable[tuple[str, str]]:
    if resource.group == "kustomize.toolkit.fluxcd.io" and resource.kind == "Kustomization":
        spec = mapping(resource.content().get("spec"))
        yield from _delivery(spec.get("path"), spec.get("targetNamespace"))
    elif resource.group == "argoproj.io" and resource.kind == "Application":
        spec = mapping(resource.content().get("spec"))
        namespace = mapping(spec.get("destination")).get("namespace")
        for source in [spec.get("source"), *sequence(spec.get("sources"))]:
            yield from _delivery(mapping(source).get("path"), namespace)


def _delivery(path: Any, namespace: Any) -> Iterable[tuple[str, str]]:
    folder = posixpath.normpath(text(path)).strip("/") if text(path) else ""
    if folder not in ("", ".") and not folder.startswith("..") and text(namespace):
        yield folder, text(namespace)
