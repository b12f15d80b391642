"""The protocol that a service port declares.

In: services. Out: `Decided` for every port. Sources: `ConvertProtocol` of Istio's Kubernetes registry and
pkg/config/protocol: an appProtocol replaces the name, either counts up to its first dash, and a few ports are TCP
without a word because their servers speak first. What says nothing is `undeclared`: the proxy sniffs.
"""

from __future__ import annotations

from meshlint.mesh.model import Decided, Inventory, Place, Service, ServicePort

_NAMES = {
    "http": "http",
    "http2": "http2",
    "http_proxy": "http_proxy",
    "grpc": "grpc",
    "grpc-web": "grpc-web",
    "https": "https",
    "tls": "tls",
    "tcp": "tcp",
    "udp": "udp",
    "mongo": "mongo",
    "redis": "redis",
    "mysql": "mysql",
    "hbone": "hbone",
    "double-hbone": "hbone",
}
_APP_PROTOCOLS = _NAMES | {
    "kubernetes.io/h2c": "http2",
    "kubernetes.io/ws": "http",
    "kubernetes.io/wss": "https",
    "ws": "http",
    "wss": "https",
}
_SPEAK_FIRST = {25: "SMTP", 53: "DNS", 3306: "MySQL", 27017: "MongoDB"}


def resolve_protocols(inventory: Inventory) -> dict[tuple[int, int], Decided]:
    """Return the declared protocol of every port of every service."""
    return {port.id: declared_protocol(service, port) for service in inventory.services for port in service.ports}


def declared_protocol(service: Service, port: ServicePort) -> Decided:
    """Return what one port declares; transports other than TCP are their own protocol."""
    if port.transport in ("UDP", "SCTP"):
        return Decided(port.transport.lower(), f"its transport is {port.transport}", _place(service, port, "protocol"))
    if service.entry:
        return _of_entry(service, port)
    field, stated = ("name", port.name) if port.app_protocol is None else ("appProtocol", port.app_protocol)
    known = _APP_PROTOCOLS.get(stated.lower()) if field == "appProtocol" else None
    known = known or _by_name(stated)
    if known is not None:
        return Decided(known, f"its {field} {stated} says so", _place(service, port, field))
    if port.number in _SPEAK_FIRST:
        what = _SPEAK_FIRST[port.number]
        return Decided("tcp", f"Istio takes port {port.number} ({what}) for TCP", _place(service, port, "port"))
    if field == "appProtocol":
        because = f"its appProtocol {stated} is none that Istio knows"
    elif stated:
        because = f"it has no appProtocol and its name {stated} begins with no protocol"
    else:
        because, field = "it has neither an appProtocol nor a name", "port"
    return Decided("undeclared", because, _place(service, port, field))


def _of_entry(service: Service, port: ServicePort) -> Decided:
    known = _NAMES.get((port.app_protocol or "").lower())
    place = _place(service, port, "protocol")
    if known is not None:
        return Decided(known, f"its protocol is {port.app_protocol}", place)
    return Decided("undeclared", f"its protocol is {port.app_protocol or 'absent'}", place)


def _by_name(name: str) -> str | None:
    lowered = name.lower()
    if lowered == "grpc-web" or lowered.startswith("grpc-web-"):
        return "grpc-web"
    return _NAMES.get(lowered.partition("-")[0])


def _place(service: Service, port: ServicePort, field: str) -> Place:
    return Place(service.resource, f"{port.pointer}/{field}", "protocol")
