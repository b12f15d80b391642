"""One run is one environment, except where the same object is described twice with different content.

In: the resources of a run, the kustomizations, what the configuration says about environments. Out: `Environments`:
the sets of resources to judge one after the other, and the duplicates that nothing separates. What does not collide
is shared by all environments, and every environment holds every identity once, so that splitting never makes a
reference dangle.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Mapping, Sequence

from meshlint.config.folder import Folder
from meshlint.records import NamedTuple
from meshlint.resources.kustomize import Kustomization
from meshlint.resources.resource import Resource

Identity = tuple[str, str, str, str]
_LOOSE = "*"
"""The environment of what stands in no kustomization, where a kustomization has the same object: often a plain copy
of what it builds, for those who apply files by hand."""


class Duplicate(NamedTuple):
    """Pair an object with an earlier one of the same identity; `same` when their content is equal."""

    resource: Resource
    first: Resource
    same: bool


class Environment(NamedTuple):
    """Hold what is judged together; the name is empty for the only environment of a run."""

    name: str
    resources: tuple[Resource, ...]


class Environments(NamedTuple):
    """Hold the environments of a run and the duplicates inside them."""

    all: tuple[Environment, ...]
    duplicates: tuple[Duplicate, ...]


def split(
    resources: Sequence[Resource],
    *,
    kustomizations: Sequence[Kustomization] = (),
    named: frozenset[int] = frozenset(),
    configured: Mapping[str, Sequence[str]] | None = None,
    folder: Folder | None = None,
) -> Environments:
    """Split the resources where identities collide; `named` are file indexes that were operands and never split."""
    collisions, duplicates = _collisions(resources)
    if configured:
        return _configured(resources, configured, folder or Folder())
    if not collisions:
        return Environments((Environment("", tuple(resources)),), tuple(duplicates))
    roots = _roots(kustomizations)
    owner: dict[int, str] = {}
    separable: list[list[Resource]] = []
    for group in collisions:
        found = [_root_of(resource, roots) for resource in group]
        if len(set(found)) == len(group) and not any(r.file in named for r in group):
            separable.append(group)
            owner.update((r.index, _LOOSE if root is None else root) for r, root in zip(group, found, strict=True))
        else:
            duplicates += [Duplicate(resource, group[0], False) for resource in group[1:]]
    if not separable:
        return Environments((Environment("", tuple(resources)),), tuple(duplicates))
    names = sorted(set(owner.values()))
    reach = {item.folder: _reached(item, kustomizations) for item in kustomizations}
    made = [Environment(name, _members(name, resources, separable, owner, reach)) for name in names]
    return Environments(tuple(made), tuple(duplicates))


def _collisions(resources: Sequence[Resource]) -> tuple[list[list[Resource]], list[Duplicate]]:
    """Group objects of one identity and different content; equal content twice is a duplicate, not a collision."""
    groups: dict[Identity, list[Resource]] = {}
    for resource in resources:
        if resource.name:
            groups.setdefault(resource.identity, []).append(resource)
    collisions, duplicates = [], []
    for group in groups.values():
        if len(group) < 2:
            continue
        distinct: dict[str, Resource] = {}
        for resource in group:
            first = distinct.setdefault(resource.digest, resource)
            if first is not resource:
                duplicates.append(Duplicate(resource, first, True))
        if len(distinct) > 1:
            collisions.append(list(distinct.values()))
    return collisions, duplicates


def _roots(kustomizations: Sequence[Kustomization]) -> dict[str, str]:
    """Return file or folder → the kustomization folder that owns it; a listed file belongs to who lists it."""
    owned = {item.folder: item.folder for item in kustomizations}
    for item in kustomizations:
        for path in item.files:
            owned.setdefault(path, item.folder)
    return owned


def _root_of(resource: Resource, roots: Mapping[str, str]) -> str | None:
    if resource.path in roots:
        return roots[resource.path]
    folder = posixpath.dirname(resource.path)
    while True:
        if folder in roots:
            return folder
        parent = posixpath.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _reached(item: Kustomization, kustomizations: Sequence[Kustomization]) -> frozenset[str]:
    by_folder = {other.folder: other for other in kustomizations}
    seen: set[str] = set()
    stack = list(item.folders)
    while stack:
        folder = stack.pop()
        if folder in by_folder and folder not in seen:
            seen.add(folder)
            stack.extend(by_folder[folder].folders)
    return frozenset(seen)


def _members(
    name: str,
    resources: Sequence[Resource],
    separable: Sequence[Sequence[Resource]],
    owner: Mapping[int, str],
    reach: Mapping[str, frozenset[str]],
) -> tuple[Resource, ...]:
    chosen: set[int] = set()
    for group in separable:
        own = [r for r in group if owner[r.index] == name]
        included = [r for r in group if owner[r.index] in reach.get(name, frozenset())]
        chosen.add((own or included or list(group))[0].index)
    return tuple(r for r in resources if r.index not in owner or r.index in chosen)


def _configured(resources: Sequence[Resource], configured: Mapping[str, Sequence[str]], folder: Folder) -> Environments:
    """Follow `environments:`, whose globs start at a folder; a file that none claims is shared by all of them."""
    claims: dict[str, set[str]] = {}
    for name, globs in configured.items():
        for path in {resource.path for resource in resources}:
            relative = folder.relative(path)
            if relative is not None and any(_matches(relative, glob) for glob in globs):
                claims.setdefault(path, set()).add(name)
    made, duplicates = [], {}
    for name in configured:
        members = tuple(resource for resource in resources if name in claims.get(resource.path, {name}))
        made.append(Environment(name, members))
        collisions, same = _collisions(members)
        found = same + [Duplicate(r, group[0], False) for group in collisions for r in group[1:]]
        duplicates.update({(item.resource.index, item.first.index): item for item in found})
    return Environments(tuple(made), tuple(duplicates.values()))


def _matches(path: str, glob: str) -> bool:
    return fnmatch.fnmatchcase(path, glob) or path.startswith(glob.rstrip("/*") + "/")
