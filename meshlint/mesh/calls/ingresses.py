"""Edges of Ingresses: what their rules and default backends lead to.

In: the inventory. Out: `Edge`s. Both forms of a backend are read, that of `networking.k8s.io/v1` and the older one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.mesh.calls.edges import Edge, nodes_of
from meshlint.mesh.inventory.workloads import port_number
from meshlint.mesh.model import Inventory, Place
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource

_KINDS = ("networking.k8s.io/Ingress", "extensions/Ingress")


def ingress_edges(inventory: Inventory) -> Iterator[Edge]:
    """Yield an edge for every backend that is a Service."""
    for kind in _KINDS:
        for resource in inventory.of_kind(kind):
            for backend, pointer in _backends(resource):
                yield from _of_backend(backend, pointer, resource, inventory)


def _backends(resource: Resource) -> Iterator[tuple[Mapping[str, Any], str]]:
    spec = mapping(resource.content().get("spec"))
    for field in ("defaultBackend", "backend"):
        yield mapping(spec.get(field)), f"/spec/{field}"
    for row, rule in enumerate(sequence(spec.get("rules"))):
        for column, path in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
            yield mapping(mapping(path).get("backend")), f"/spec/rules/{row}/http/paths/{column}/backend"


def _of_backend(backend: Mapping[str, Any], pointer: str, resource: Resource, inventory: Inventory) -> Iterator[Edge]:
    service = mapping(backend.get("service"))
    name, field = text(service.get("name")), "service/name"
    port = mapping(service.get("port"))
    written: Any = port.get("number") or port.get("name")
    if not name:
        name, field, written = text(backend.get("serviceName")), "serviceName", backend.get("servicePort")
    if not name:
        return
    host = f"{name}.{resource.namespace}.svc.{inventory.mesh_config.domain}".lower()
    place = Place(resource, f"{pointer}/{field}", "route")
    source = f"ingress:{resource.namespace}/{resource.name}"
    for target in nodes_of(host, inventory):
        yield Edge(source, target, "ingress", _number(written, host, inventory), place)


def _number(written: Any, host: str, inventory: Inventory) -> int | None:
    """Return the number of a port that is given by number or by name."""
    if not isinstance(written, str) or written.isdecimal():
        return port_number(int(written) if isinstance(written, str) and len(written) < 6 else written)
    ports = (port for service in inventory.service_at.get(host, ()) for port in service.ports)
    return next((port.number for port in ports if port.name == written), None)
