"""Namespaces and workloads that are told to be in both data planes, ambient and sidecar.

In: the inventory. Out: `Claim`. Where both are asked for, the sidecar is injected and ztunnel does not capture the
pod. A Namespace with both labels speaks for its workloads; a workload speaks when its own template has a part in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.membership.membership import DATAPLANE, INJECT, INJECTION, REVISION, TEMPLATES, escaped
from meshlint.mesh.model import Inventory, Namespace, Place, Workload
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource


def is_ambient_only(namespace: Namespace | None) -> bool:
    """Tell whether a namespace is known to give ambient, and no sidecar, to a pod that says nothing itself."""
    if namespace is None or not namespace.is_described or namespace.labels.get(DATAPLANE) != "ambient":
        return False
    return namespace.labels.get(INJECTION) != "enabled" and REVISION not in namespace.labels


class Claim(NamedTuple):
    """Say what asks for ambient and what for a sidecar."""

    ambient: str
    sidecar: str
    revision: str  # the revision that asks for the sidecar, empty where something else does
    place: Place
    there: Place | None  # what asks for the sidecar


class _Side(NamedTuple):
    """Hold one of the two requests."""

    text: str
    place: Place | None
    own: bool  # the pod template says so
    revision: str = ""


class DataPlanes:
    """Find who is told both."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._workloads = {workload.resource.index: workload for workload in inventory.workloads}

    def of(self, resource: Resource) -> Iterator[Claim]:
        """Yield the claim of a Namespace or of a maker of pods; other objects have none."""
        if resource.kind == "Namespace" and not resource.group:
            namespace = self._inventory.namespaces.get(resource.name)
            if namespace is not None and namespace.is_described and namespace.resource is resource:
                yield from _claim(_ambient_of_namespace(namespace), _sidecar_of_namespace(namespace))
        elif workload := self._workloads.get(resource.index):
            yield from self._of_workload(workload)

    def _of_workload(self, workload: Workload) -> Iterator[Claim]:
        if workload.external or workload.host_network or workload.annotations.get(TEMPLATES):
            return
        known = self._inventory.namespaces.get(workload.namespace)
        namespace = known if known is not None and known.is_described else None
        ambient, sidecar = _ambient(workload, namespace), _sidecar(workload, namespace)
        if ambient and sidecar and (ambient.own or sidecar.own):
            yield from _claim(ambient, sidecar)


def _claim(ambient: _Side | None, sidecar: _Side | None) -> Iterator[Claim]:
    if ambient is None or sidecar is None:
        return
    places = [side.place for side in sorted((ambient, sidecar), key=lambda side: not side.own) if side.place]
    if places:
        there = places[1] if len(places) > 1 else None
        yield Claim(ambient.text, sidecar.text, sidecar.revision, places[0]._replace(fact="data planes"), there)


def _ambient(workload: Workload, namespace: Namespace | None) -> _Side | None:
    if mode := workload.labels.get(DATAPLANE):
        place = _own(workload, "labels", DATAPLANE)
        return _Side(f"its label {DATAPLANE}", place, True) if mode == "ambient" else None
    return _ambient_of_namespace(namespace) if namespace is not None else None


def _sidecar(workload: Workload, namespace: Namespace | None) -> _Side | None:
    for container in workload.containers:
        if container.name == "istio-proxy" and container.image not in ("", "auto"):
            if any(word == "router" for word, _ in container.arguments):
                return None  # a gateway
            return _Side("the proxy in its pod template", Place(workload.resource, container.pointer), True)
    label = workload.labels.get(INJECT) or workload.annotations.get(INJECT)
    if label == "false":
        return None
    legacy = namespace.labels.get(INJECTION) if namespace is not None else None
    if legacy is None:  # where a namespace has the legacy label, the labels of pods are not asked
        if workload.labels.get(INJECT) == "true":
            return _Side(f"its label {INJECT}", _own(workload, "labels", INJECT), True)
        if revision := workload.labels.get(REVISION):
            return _Side(f"its label {REVISION}", _own(workload, "labels", REVISION), True, revision)
    return _sidecar_of_namespace(namespace) if namespace is not None else None


def _own(workload: Workload, field: str, key: str) -> Place:
    return Place(workload.resource, f"{workload.template}/metadata/{field}/{escaped(key)}#")


def _ambient_of_namespace(namespace: Namespace) -> _Side | None:
    if namespace.labels.get(DATAPLANE) != "ambient":
        return None
    return _Side(f"label {DATAPLANE} of namespace {namespace.name}", _label(namespace, DATAPLANE), False)


def _sidecar_of_namespace(namespace: Namespace) -> _Side | None:
    if INJECTION in namespace.labels:
        if namespace.labels[INJECTION] != "enabled":
            return None
        return _Side(f"label {INJECTION} of namespace {namespace.name}", _label(namespace, INJECTION), False)
    if revision := namespace.labels.get(REVISION):
        return _Side(f"label {REVISION} of namespace {namespace.name}", _label(namespace, REVISION), False, revision)
    return None


def _label(namespace: Namespace, key: str) -> Place | None:
    if namespace.resource is None:
        return None
    if key not in namespace.resource.labels:
        return Place(namespace.resource, "/metadata/name")
    return Place(namespace.resource, f"/metadata/labels/{escaped(key)}#")
