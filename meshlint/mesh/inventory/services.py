"""Read Services and ServiceEntries into one type: a host with ports.

In: resources. Out: `Service`. A ServiceEntry gives one service for each of its hosts. Wrong types count as absent.
"""

from __future__ import annotations

from typing import Any

from meshlint.mesh.inventory.workloads import port_number
from meshlint.mesh.model import Service, ServicePort
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource

EXPORT_TO = "networking.istio.io/exportTo"


def read_service(number: int, resource: Resource, domain: str) -> Service:
    """Read a Kubernetes Service."""
    spec = mapping(resource.content().get("spec"))
    kind = text(spec.get("type")) or "ClusterIP"
    external = text(spec.get("externalName")) if kind == "ExternalName" else ""
    return Service(
        number,
        resource,
        resource.namespace,
        resource.name,
        f"{resource.name}.{resource.namespace}.svc.{domain}",
        strings(spec.get("selector")),
        tuple(_ports(number, spec.get("ports"))),
        kind,
        spec.get("clusterIP") == "None",
        external,
        resource.annotations,
        resource.labels,
        mesh_external=kind == "ExternalName",
        export_to=_exported_by(resource.annotations.get(EXPORT_TO)),
    )


def _exported_by(annotation: str | None) -> tuple[str, ...]:
    """Split the annotation as istiod does: names joined by commas."""
    return tuple(name.strip() for name in annotation.split(",") if name.strip()) if annotation else ()


def _ports(service: int, value: Any) -> list[ServicePort]:
    found: list[ServicePort] = []
    for position, item in enumerate(sequence(value)):
        port = mapping(item)
        number = port_number(port.get("port"))
        if number is None:
            continue
        target = port.get("targetPort")
        target = target if isinstance(target, str) and target else port_number(target) or number
        if isinstance(target, str) and target.isdecimal() and len(target) < 6:
            target = int(target)
        protocol = port.get("appProtocol")
        found.append(
            ServicePort(
                (service, len(found)),
                number,
                text(port.get("name")),
                text(port.get("protocol")).upper() or "TCP",
                protocol if isinstance(protocol, str) and protocol else None,
                target,
                f"/spec/ports/{position}",
            )
        )
    return found


def read_entry(first: int, resource: Resource) -> list[Service]:
    """Read a ServiceEntry: one service for each host, numbered from `first`."""
    spec = mapping(resource.content().get("spec"))
    hosts = [host for host in sequence(spec.get("hosts")) if isinstance(host, str) and host]
    selector = strings(mapping(spec.get("workloadSelector")).get("labels"))
    location = text(spec.get("location")) or "MESH_EXTERNAL"
    return [
        Service(
            first + position,
            resource,
            resource.namespace,
            resource.name,
            host,
            selector,
            tuple(_entry_ports(first + position, spec.get("ports"))),
            "ServiceEntry",
            False,
            "",
            resource.annotations,
            resource.labels,
            True,
            location != "MESH_INTERNAL",
            text(spec.get("resolution")) or "NONE",
            tuple(item for item in sequence(spec.get("exportTo")) if isinstance(item, str)),
        )
        for position, host in enumerate(hosts)
    ]


def _entry_ports(service: int, value: Any) -> list[ServicePort]:
    found: list[ServicePort] = []
    for position, item in enumerate(sequence(value)):
        port = mapping(item)
        number = port_number(port.get("number"))
        if number is None:
            continue
        target = port_number(port.get("targetPort")) or number
        protocol = text(port.get("protocol"))
        pointer = f"/spec/ports/{position}"
        transport = "UDP" if protocol.upper() == "UDP" else "TCP"
        name = text(port.get("name"))
        found.append(ServicePort((service, len(found)), number, name, transport, protocol or None, target, pointer))
    return found
