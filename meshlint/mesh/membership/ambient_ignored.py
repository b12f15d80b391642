"""Objects and annotations that ambient workloads ignore, since ztunnel stands where a sidecar would.

In: the inventory, memberships, who is reached. Out: `Ignored`. An object that also reaches a workload with a sidecar
has its use. Sources: `convertPeerAuthentication` (DISABLE counts as PERMISSIVE) and `convertAuthorizationPolicy` (no
AUDIT, no CUSTOM) of istiod's ambient index; Sidecar resources configure sidecars only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from meshlint.mesh.membership.data_planes import is_ambient_only
from meshlint.mesh.membership.membership import INJECT, escaped
from meshlint.mesh.model import Inventory, Membership, Place, Workload
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, strings, text
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

PEER = "security.istio.io/PeerAuthentication"
SIDECAR = "networking.istio.io/Sidecar"
_AUTHORIZATION = "security.istio.io/AuthorizationPolicy"
_PREFIXES = ("sidecar.istio.io/", "proxy.istio.io/", "traffic.sidecar.istio.io/", "readiness.status.sidecar.istio.io/")
_UNSUPPORTED = ("CUSTOM", "AUDIT")

Reached = Callable[[str, Mapping[str, str]], Sequence[Workload]]


class Ignored(NamedTuple):
    """Say what ambient ignores; `heeded` is None where nobody can tell whether somebody else heeds it."""

    text: str
    heeded: bool | None
    because: str
    missing: str
    place: Place
    there: Place | None


class _Census(NamedTuple):
    """Hold the data planes of the workloads that an object reaches."""

    ambient: Workload | None
    others: bool
    missing: str


class AmbientIgnored:
    """Answer for the objects of an environment.

    `reach` gives the workloads of a policy, `at_home` those of an object whose selector stays in its namespace, and
    `is_about_http` tells the policies that other rules judge.
    """

    def __init__(
        self,
        inventory: Inventory,
        memberships: Sequence[Membership],
        reach: Reached,
        at_home: Reached,
        is_about_http: Callable[[Resource], bool],
    ) -> None:
        self._inventory = inventory
        self._memberships = memberships
        self._reach = reach
        self._at_home = at_home
        self._is_about_http = is_about_http
        self._root = inventory.mesh_config.root_namespace
        self._workloads = {workload.resource.index: workload for workload in inventory.workloads}
        self._wide: dict[tuple[str, bool], _Census] = {}

    def of(self, resource: Resource) -> Iterator[Ignored]:
        """Yield what is ignored of one object."""
        kind = qualified(resource.group, resource.kind)
        if workload := self._workloads.get(resource.index):
            yield from self._annotations(workload)
        elif kind == PEER:
            yield from self._peer(resource)
        elif kind == SIDECAR:
            yield from self._sidecar(resource)
        elif kind == _AUTHORIZATION:
            yield from self._authorization(resource)

    def _annotations(self, workload: Workload) -> Iterator[Ignored]:
        if self._memberships[workload.id].dataplane != "ambient":
            return
        keys = [key for key in workload.annotations if key.startswith(_PREFIXES) and key != INJECT]
        if keys:
            pointer = f"{workload.template}/metadata/annotations/{escaped(keys[0])}#"
            what = f"annotation {keys[0]}" if len(keys) == 1 else f"annotations {', '.join(keys)}"
            because = "its pods have no sidecar that would read it"
            yield Ignored(what, False, because, "", Place(workload.resource, pointer, "ambient"), None)

    def _peer(self, resource: Resource) -> Iterator[Ignored]:
        spec = mapping(resource.content().get("spec"))
        selector = strings(mapping(spec.get("selector")).get("matchLabels"))
        if selector and resource.namespace == self._root:
            return  # reaches nobody outside the root namespace
        pointer = _disabled(spec)
        if pointer is not None:
            reason = "ztunnel takes DISABLE for PERMISSIVE"
            yield from self._judged(resource, "mode DISABLE", pointer, selector, reason, at_home=bool(selector))

    def _sidecar(self, resource: Resource) -> Iterator[Ignored]:
        spec = mapping(resource.content().get("spec"))
        selector = strings(mapping(spec.get("workloadSelector")).get("labels"))
        if resource.namespace == self._root and not selector:
            return  # the default of the mesh, for whatever namespace gets sidecars
        pointer = "/spec/workloadSelector#" if selector else "/metadata/name"
        reason = "no sidecar is there to read it"
        yield from self._judged(resource, "the Sidecar", pointer, selector, reason, at_home=True)

    def _authorization(self, resource: Resource) -> Iterator[Ignored]:
        spec = mapping(resource.content().get("spec"))
        action = text(spec.get("action"))
        if action not in _UNSUPPORTED or spec.get("targetRef") or spec.get("targetRefs"):
            return
        if not self._is_about_http(resource):
            selector = strings(mapping(spec.get("selector")).get("matchLabels"))
            reason = f"ztunnel knows no {action}"
            yield from self._judged(resource, f"action {action}", "/spec/action", selector, reason, at_home=False)

    def _judged(
        self, resource: Resource, what: str, pointer: str, selector: Mapping[str, str], reason: str, *, at_home: bool
    ) -> Iterator[Ignored]:
        census = self._census(resource.namespace, selector, at_home=at_home)
        place = Place(resource, pointer, "ambient")
        if census.others:
            return
        if census.ambient is not None:
            there = Place(census.ambient.resource, "/metadata/name")
            because = f"{census.ambient.text} is in ambient, and {reason}"
            heeded = None if census.missing else False
            yield Ignored(what, heeded, because, census.missing, place, there)
        elif not census.missing and not selector and self._is_empty_ambient(resource.namespace):
            because = f"namespace {resource.namespace} is in ambient, and {reason}"
            yield Ignored(what, False, because, "", place, None)

    def _is_empty_ambient(self, namespace: str) -> bool:
        """Tell whether a namespace that shows no workload can only get ambient ones."""
        inventory = self._inventory
        return not inventory.workloads_in.get(namespace) and is_ambient_only(inventory.namespaces.get(namespace))

    def _census(self, namespace: str, selector: Mapping[str, str], *, at_home: bool) -> _Census:
        reached = self._at_home if at_home else self._reach
        if selector:
            return self._counted(reached(namespace, selector))
        if (namespace, at_home) not in self._wide:
            self._wide[namespace, at_home] = self._counted(reached(namespace, {}))
        return self._wide[namespace, at_home]

    def _counted(self, workloads: Sequence[Workload]) -> _Census:
        members = [(workload, self._memberships[workload.id]) for workload in workloads]
        ambient = next((workload for workload, member in members if member.dataplane == "ambient"), None)
        others = any(member.dataplane in ("sidecar", "gateway", "waypoint") for _, member in members)
        missing = next((member.missing for _, member in members if member.dataplane == "unknown"), "")
        return _Census(ambient, others, missing)


def _disabled(spec: Mapping[str, Any]) -> str | None:
    """Return the pointer of the first mode that is DISABLE."""
    if text(mapping(spec.get("mtls")).get("mode")) == "DISABLE":
        return "/spec/mtls/mode"
    for port, entry in mapping(spec.get("portLevelMtls")).items():
        if text(mapping(entry).get("mode")) == "DISABLE":
            return f"/spec/portLevelMtls/{port}/mode"
    return None
