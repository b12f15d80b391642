"""References of the Gateway API into other namespaces, and whether a ReferenceGrant there lets them in.

In: the inventory, what exists elsewhere. Out: `Crossing` for each such reference: backends and mirrors of routes,
certificates of listeners. Parents need no grant, and Istio asks for none where a route has no Gateway among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.kubernetes_gateways import GROUP
from meshlint.mesh.gateways.kubernetes_gateways import KIND as GATEWAY
from meshlint.mesh.gateways.kubernetes_routes import KINDS, backends_of, parents_of
from meshlint.mesh.model import Inventory, Place
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

GRANT = f"{GROUP}/ReferenceGrant"


class Crossing(NamedTuple):
    """Describe a reference into another namespace; `granted` is None where the manifests cannot tell."""

    text: str
    what: str  # backend, mirror, certificate
    granted: bool | None
    because: str
    missing: str
    place: Place


class _Wanted(NamedTuple):
    """Name what a reference is after."""

    group: str
    kind: str
    namespace: str
    name: str
    what: str
    pointer: str


class ReferenceGrants:
    """Answer for the routes and Gateways of an environment."""

    def __init__(self, inventory: Inventory, existence: Existence) -> None:
        self._existence = existence
        self._to: dict[tuple[str, str, str, str], set[tuple[str, str, str]]] = {}
        for resource in inventory.of_kind(GRANT):
            spec = mapping(resource.content().get("spec"))
            senders = {_sender(mapping(item)) for item in sequence(spec.get("from"))}
            for item in sequence(spec.get("to")):
                to = mapping(item)
                key = (resource.namespace, _group(to), text(to.get("kind")), text(to.get("name")))
                self._to.setdefault(key, set()).update(senders)

    def of(self, resource: Resource) -> Iterator[Crossing]:
        """Yield the references of an object into other namespaces; most objects have none."""
        kind = qualified(resource.group, resource.kind)
        if kind in KINDS:
            wanted = _of_route(resource)
        elif kind == GATEWAY:
            wanted = _of_gateway(resource)
        else:
            return
        for item in wanted:
            if item.namespace != resource.namespace:
                yield self._crossing(item, resource)

    def _crossing(self, item: _Wanted, resource: Resource) -> Crossing:
        sender = (resource.group, resource.kind, resource.namespace)
        senders = {
            sender
            for name in (item.name, "")
            for sender in self._to.get((item.namespace, item.group, item.kind, name), ())
        }
        granted: bool | None = True
        missing = ""
        if sender not in senders:
            granted, missing = self._absent(item.namespace, resource)
        because = f"no ReferenceGrant of namespace {item.namespace} admits {resource.kind}s of {resource.namespace}"
        name = f"{item.kind} {item.namespace}/{item.name}"
        place = Place(resource, f"{item.pointer}/namespace", f"grant for {name}")
        return Crossing(name, item.what, granted, because, missing, place)

    def _absent(self, namespace: str, resource: Resource) -> tuple[bool | None, str]:
        if self._existence.names_external_kind("ReferenceGrant", namespace):
            return True, ""
        if not resource.namespace:
            return None, f"namespace of {resource.text}"
        if any(key[0] == "" for key in self._to):
            return None, "namespace of a ReferenceGrant"
        described = self._existence.is_described(namespace, "ReferenceGrant")
        return (False, "") if described else (None, f"ReferenceGrants of namespace {namespace}")


def _sender(item: Mapping[str, object]) -> tuple[str, str, str]:
    return _group(item), text(item.get("kind")), text(item.get("namespace"))


def _group(item: Mapping[str, object]) -> str:
    group = text(item.get("group"))
    return "" if group == "core" else group


def _of_route(resource: Resource) -> Iterator[_Wanted]:
    if not any((parent.group, parent.kind) == (GROUP, "Gateway") for parent in parents_of(resource)):
        return
    for item in backends_of(resource):
        if item.name:
            yield _Wanted(item.group, item.kind, item.namespace, item.name, item.what, item.pointer)


def _of_gateway(resource: Resource) -> Iterator[_Wanted]:
    spec = mapping(resource.content().get("spec"))
    for row, listener in enumerate(sequence(spec.get("listeners"))):
        tls = mapping(mapping(listener).get("tls"))
        for column, item in enumerate(sequence(tls.get("certificateRefs"))):
            ref = mapping(item)
            if (name := text(ref.get("name"))) and (namespace := text(ref.get("namespace"))):
                pointer = f"/spec/listeners/{row}/tls/certificateRefs/{column}"
                kind = text(ref.get("kind")) or "Secret"
                yield _Wanted(_group(ref), kind, namespace, name, "certificate", pointer)
