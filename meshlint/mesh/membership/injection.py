"""What pods ask of the injector, where they ask it, and with which identity they run.

In: a workload, its namespace, the MeshConfig. Out: `Misplaced` and `RunAs`. Sources: the injection webhook selects by
labels of the namespace and the pod, and only then reads annotations; istio-iptables exempts the traffic of the proxy's
user and group from redirection.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.mesh.membership.membership import DATAPLANE, INJECT, REVISION, escaped, namespace_membership
from meshlint.mesh.model import Inventory, Membership, Place, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text

_ISTIO_CONTAINERS = frozenset(("istio-proxy", "istio-init", "istio-validation"))
_OPERATORS = frozenset(("istio-operator", "sail-operator", "servicemesh-operator3"))


class Misplaced(NamedTuple):
    """Name an injection setting that stands where nobody looks for it."""

    text: str
    where: str
    place: Place


class RunAs(NamedTuple):
    """Hold a user or group that application containers run as, at the field that says so."""

    who: str  # the pod, or a container
    field: str  # runAsUser, runAsGroup
    id: int
    place: Place


def refusal_of(workload: Workload, membership: Membership) -> Place | None:
    """Return the label or annotation that keeps the sidecar out; None when nothing of the pod does."""
    place = membership.decided_by
    if membership.dataplane != "none" or place is None or workload.external:
        return None
    return place if place.pointer.endswith(f"/{escaped(INJECT)}") else None


def would_be_injected(workload: Workload, inventory: Inventory) -> Membership:
    """Return what the namespace alone makes of a workload."""
    bare = workload._replace(labels={}, annotations={})
    return namespace_membership(bare, inventory.namespaces.get(workload.namespace), inventory.mesh_config)


def is_operator(workload: Workload) -> bool:
    """Tell the operators that install Istio, which cannot depend on what they install."""
    labels = workload.labels
    names = (labels.get("name"), labels.get("app"), labels.get("app.kubernetes.io/name"), labels.get("control-plane"))
    return not _OPERATORS.isdisjoint(names)


def misplaced_settings(workload: Workload) -> Iterator[Misplaced]:
    """Yield what asks for a proxy in vain: an annotation in place of the label, a label outside the pod template."""
    if workload.external:
        return
    if workload.annotations.get(INJECT) == "true" and INJECT not in workload.labels:
        pointer = f"{workload.template}/metadata/annotations/{escaped(INJECT)}#"
        yield Misplaced(f'{INJECT} "true"', "an annotation", Place(workload.resource, pointer, INJECT))
    if not workload.template:
        return  # the metadata of a Pod is that of its template
    for key, wanted in ((INJECT, "true"), (REVISION, ""), (DATAPLANE, "ambient")):
        value = workload.resource.labels.get(key)
        if value and key not in workload.labels and value == (wanted or value):
            place = Place(workload.resource, f"/metadata/labels/{escaped(key)}#", key)
            yield Misplaced(f'{key} "{value}"', f"a label of the {workload.resource.kind} itself", place)


def identities_of(workload: Workload) -> tuple[RunAs, ...]:
    """Return the users and groups that the application containers of a workload run as."""
    pod = mapping(mapping(workload.resource.content().get("template")).get("spec"))
    base = f"{workload.template}/spec"
    containers = [
        (mapping(item), f"{base}/containers/{position}")
        for position, item in enumerate(sequence(pod.get("containers")))
        if text(mapping(item).get("name")) not in _ISTIO_CONTAINERS
    ]
    return tuple(
        found
        for field in ("runAsUser", "runAsGroup")
        for found in _identities(workload, mapping(pod.get("securityContext")), containers, field, base)
    )


def _identities(
    workload: Workload, pod: dict[str, Any], containers: list[tuple[dict[str, Any], str]], field: str, base: str
) -> Iterator[RunAs]:
    own = [(container, pointer, _id(container.get("securityContext"), field)) for container, pointer in containers]
    shared = _id(pod, field)
    if shared is not None and any(number is None for _, _, number in own):
        place = Place(workload.resource, f"{base}/securityContext/{field}", field)
        yield RunAs("its pod", field, shared, place)
    for container, pointer, number in own:
        if number is not None:
            place = Place(workload.resource, f"{pointer}/securityContext/{field}", field)
            yield RunAs(f"container {text(container.get('name'))}", field, number, place)


def _id(context: Any, field: str) -> int | None:
    value = mapping(context).get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
