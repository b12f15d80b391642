"""Objects that are missing: into which file they go, and who lists it.

In: manifests to create, the tree, its kustomizations. Out: new sources, and operations that list them where the files
beside them are listed. A file that is there is never written over.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

from meshlint.fixes.operations import Append, CannotEdit
from meshlint.repairs.planning import Creation, Site
from meshlint.repairs.trees import Tree, file_below
from meshlint.resources.assembly import Assembly
from meshlint.resources.kustomize import Kustomization
from meshlint.sources.source import Source
from meshlint.syntax.stream import read_stream

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def new_source(creation: Creation, tree: Tree, taken: Mapping[str, Source], assembly: Assembly) -> Source:
    """Return the file that holds the object; one of the same content that is planned already serves both.

    Raises CannotEdit where the object exists, or would go to another namespace.
    """
    content = "---\n".join(creation.manifests).encode()
    values = [document.value for document in read_stream(content).documents]
    for value in values:
        _require_absent(value, assembly)
    beside = tree.source(creation.beside)
    if beside is None:
        raise CannotEdit(f"{creation.beside} was not read")
    kustomization = lister_of(creation.beside, assembly.kustomizations)
    namespaces = {value["metadata"].get("namespace", "") for value in values}
    if kustomization and kustomization.namespace and namespaces != {kustomization.namespace}:
        raise CannotEdit(f"{kustomization.path} puts everything beside it into namespace {kustomization.namespace}")
    for name in _names(values[0], creation.file):
        path, file = file_below(None, beside, name)
        if path in taken:
            if taken[path].held == content:
                return taken[path]
            continue
        if tree.source(path) is None and not os.path.lexists(file):
            return Source(path, file, False, content)
    raise CannotEdit("the names that its file could have are all taken")


def _require_absent(value: Mapping[str, Any], assembly: Assembly) -> None:
    metadata = value["metadata"]
    group = value["apiVersion"].rpartition("/")[0]
    identity = (group, value["kind"], metadata.get("namespace", ""), metadata["name"])
    for resource in assembly.resources:
        if resource.identity == identity:
            raise CannotEdit(f"{resource.text} exists already, in {resource.path}, and says something else")


def _names(value: Mapping[str, Any], wanted: str) -> Iterable[str]:
    kind = _WORD.sub("-", value["kind"]).lower()
    name, namespace = value["metadata"]["name"], value["metadata"].get("namespace", "")
    stem = wanted or (name if name.endswith(kind) else f"{name}-{kind}")
    yield f"{stem}.yaml"
    if namespace and not wanted:
        yield f"{namespace}-{stem}.yaml"
    yield from (f"{stem}-{number}.yaml" for number in range(2, 100))


def lister_of(path: str, kustomizations: Iterable[Kustomization]) -> Kustomization | None:
    """Return the kustomization that a new file beside this one belongs to: that of the folder, else who lists it."""
    found = list(kustomizations)
    folder = posixpath.dirname(path)
    own = next((item for item in found if item.folder == folder), None)
    return own or next((item for item in found if path in item.files), None)


def listing(source: Source, beside: str, assembly: Assembly) -> list[tuple[Site, Append]]:
    """Return the operation that lists a new file where its neighbour is listed; none where nobody lists it."""
    kustomization = lister_of(beside, assembly.kustomizations)
    if kustomization is None:
        return []
    entry = posixpath.relpath(source.path, kustomization.folder or ".")
    return [(Site(kustomization.path, 0), Append("/resources", entry))]
