"""Objects that are missing: into which file they go, and who lists it.

In: manifests to create, the tree, its kustomizations. Out: new sources, and operations that list them where the files
beside them are listed. A file that is there is never written over.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from meshlint.fixes.operations import Append, CannotEdit
from meshlint.repairs.planning import Creation, Site
from meshlint.repairs.trees import Tree, file_below
from meshlint.resources.assembly import Assembly
from meshlint.resources.kustomize import Kustomization
from meshlint.sources.source import Source, read
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
    placer = _placer(creation.beside, values, assembly.kustomizations)
    if placer is not None and not _states_namespaces(beside):
        beside = tree.source(placer.path) or beside  # a base that says no namespace serves others, too
    for name in _names(values[0], creation.file):
        path, file = file_below(beside, name)
        if path in taken:
            if taken[path].held == content:
                return taken[path]
            continue
        if tree.source(path) is None and not os.path.lexists(file):
            return Source(path, file, False, content)
    raise CannotEdit("the names that its file could have are all taken")


def _placer(path: str, values: Iterable[Any], kustomizations: Iterable[Kustomization]) -> Kustomization | None:
    """Return the one kustomization that says the namespace of what stands beside a file, None where none or several do.

    Raises CannotEdit where one of them puts a new object into another namespace than it states.
    """
    known = list(kustomizations)
    lister = lister_of(path, known)
    placers = [] if lister is None else _outermost(lister, known)
    namespaces = {value["metadata"].get("namespace", "") for value in values}
    for placer in placers:
        if placer is not None and namespaces != {placer.namespace}:
            raise CannotEdit(f"{placer.path} puts everything beside {path} into namespace {placer.namespace}")
    return placers[0] if len(placers) == 1 else None


def _outermost(
    item: Kustomization, known: Sequence[Kustomization], inner: Kustomization | None = None, seen: tuple[str, ...] = ()
) -> list[Kustomization | None]:
    """Return, for each way out to a kustomization that nobody includes, the last that says a namespace."""
    placer = item if item.namespace else inner
    around = [other for other in known if item.folder in other.folders and other.folder not in seen]
    if not around:
        return [placer]
    return [found for other in around for found in _outermost(other, known, placer, (*seen, item.folder))]


def _states_namespaces(source: Source) -> bool:
    values = [document.value for document in read_stream(read(source)).documents]
    metadata = [value.get("metadata") for value in values if isinstance(value, dict)]
    return any(isinstance(row, dict) and row.get("namespace") for row in metadata)


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
    known = assembly.kustomizations
    kustomization = lister_of(source.path, known) or lister_of(beside, known)
    if kustomization is None:
        return []
    entry = posixpath.relpath(source.path, kustomization.folder or ".")
    return [(Site(kustomization.path, 0), Append("/resources", entry))]
