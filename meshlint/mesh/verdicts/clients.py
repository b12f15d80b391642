"""Who calls: the proxy behind the source of an edge, and what tells it apart from others of its namespace.

In: the mesh and the name of a node. Out: `Client`. Clients of one namespace and data plane share their answers unless a
Sidecar or DestinationRule with a selector, or an annotation, is meant for some of them: `Client.scope` holds just that.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.destinations.destination_rules import DestinationRules
from meshlint.mesh.gateways.gateways import Gateways, read_gateways
from meshlint.mesh.membership.membership import escaped
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Membership, Place, Workload
from meshlint.mesh.verdicts.entries import Entries
from meshlint.mesh.visibility import EVERYWHERE
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, strings

PROXIED = ("sidecar", "gateway", "waypoint")
EXCLUDED_OUT = "traffic.sidecar.istio.io/excludeOutboundPorts"

Selector = frozenset[tuple[str, str]]


class Scope(NamedTuple):
    """Hold what tells a client apart from the others of its namespace."""

    selectors: tuple[Selector, ...] = ()  # of Sidecars and DestinationRules that are meant for it
    excluded: frozenset[int] = frozenset()  # ports that its proxy does not carry


class Client(NamedTuple):
    """Describe a caller; its name is for people and no part of an answer."""

    text: str
    namespace: str
    dataplane: str  # sidecar, ambient, gateway, waypoint, none, unknown
    because: str  # why the data plane
    place: Place | None
    missing: str = ""
    scope: Scope = Scope()
    workload: Workload | None = None

    @property
    def labels(self) -> dict[str, str]:
        """Return the labels that selectors ask of it, and no others."""
        return {key: value for selector in self.scope.selectors for key, value in selector}

    def key(self, namespace: str) -> tuple[object, ...]:
        """Return what its answers depend on, its namespace only where that is given.

        Where a field of its own decides, the answer points to that.
        """
        own = self.place[:2] if self.dataplane == "none" and self.place is not None else None
        place = (own[0].index, own[1]) if own else None
        workload = self.workload.id if self.workload is not None and self.scope.excluded else None
        return self.dataplane, namespace, self.scope, self.missing, place, workload

    def assumed(self, dataplane: str) -> Client:
        """Return the client as it would be in a data plane, where its own is not known."""
        if self.dataplane != "unknown":
            return self
        return self._replace(dataplane=dataplane, because="nothing enrols it", place=None)


class Clients:
    """Find the clients behind the nodes of the graph."""

    def __init__(self, mesh: Mesh, rules: DestinationRules) -> None:
        self._mesh = mesh
        self._selectors: dict[tuple[str, str, str], list[Selector]] = {}
        for namespace, selector in dict.fromkeys(_selectors(mesh, rules)):
            key, value = min(selector)
            self._selectors.setdefault((namespace, key, value), []).append(selector)
        self._gateways: Gateways | None = None
        self._entries: Entries | None = None
        self._general: dict[str, Client] = {}
        self._planes = {member.dataplane for member in mesh.memberships}
        self._at: dict[str, tuple[Client, ...]] = {}

    def of_node(self, node: str, service_namespace: str) -> tuple[Client, ...]:
        """Return the clients that a node may stand for; the general client lives beside the service."""
        if node == "mesh:":
            return (self.general(service_namespace),)
        if node not in self._at:
            self._at[node] = self._found(node)
        return self._at[node]

    def _found(self, node: str) -> tuple[Client, ...]:
        kind, _, name = node.partition(":")
        if kind == "workload":
            return (self.of_workload(self._mesh.inventory.workloads[int(name)]),)
        if kind in ("mesh", "namespace"):
            return (self.general(name),)
        namespace, _, own = name.partition("/")
        if kind == "gateway":
            return tuple({client.key(client.namespace): client for client in self._of_gateway(namespace, own)}.values())
        return (self._of_ingress(namespace, own),)

    def of_workload(self, workload: Workload) -> Client:
        """Return a workload as a client."""
        member = self._mesh.memberships[workload.id]
        scope = Scope(self._matching(workload), _excluded(workload, member))
        place = member.decided_by
        return Client(
            workload.text, workload.namespace, member.dataplane, member.because, place, member.missing, scope, workload
        )

    def general(self, namespace: str) -> Client:
        """Return a client of a namespace that no selector is meant for, in the data plane that is usual there."""
        if namespace not in self._general:
            inventory, members = self._mesh.inventory, self._mesh.memberships
            near = {members[w.id].dataplane for w in inventory.workloads_in.get(namespace, ())}
            planes = near if near & {"sidecar", "ambient"} else self._planes
            plane = "ambient" if "ambient" in planes and "sidecar" not in planes else "sidecar"
            holds_clients = not near or near - {"none"}
            where = f" in namespace {namespace}" if holds_clients and namespace not in ("", EVERYWHERE) else ""
            text_ = f"a client with a proxy{where}"
            self._general[namespace] = Client(text_, namespace, plane, "it is in the mesh", None)
        return self._general[namespace]

    @property
    def gateways(self) -> Gateways:
        """Return the Istio Gateways, read when the first is asked about."""
        if self._gateways is None:
            self._gateways = read_gateways(self._mesh.inventory, self._mesh.memberships)
        return self._gateways

    def _matching(self, workload: Workload) -> tuple[Selector, ...]:
        rows = (self._selectors.get((workload.namespace, *label), ()) for label in workload.labels.items())
        found = {selector for row in rows for selector in row if selector <= workload.labels.items()}
        return tuple(sorted(found, key=sorted))

    def _of_gateway(self, namespace: str, name: str) -> Iterator[Client]:
        if self._entries is None:
            self._entries = Entries(self._mesh, self.gateways)
        label = f"Gateway {namespace}/{name}" if namespace else f"Gateway {name}"
        if (made := self._entries.kubernetes.named(namespace, name)) is not None:
            because = f"{label} is of class {made.class_name}"
            if made.is_waypoint or self._entries.is_istio(made.class_name):
                yield Client(label, namespace, "waypoint" if made.is_waypoint else "gateway", because, None)
            else:
                missing = f"membership of the proxies of gateway class {made.class_name}"
                yield Client(label, namespace, "unknown", because, None, missing)
            return
        workloads = self._entries.pods_of(namespace, name)
        for workload in workloads:
            yield self.of_workload(workload)._replace(text=label, dataplane="gateway", missing="")
        # Where its pods live is not in the set: each of the usual places is asked, and they have to agree.
        root = self._mesh.inventory.mesh_config.root_namespace
        for home in () if workloads else (namespace, root, EVERYWHERE):
            yield Client(label, home, "gateway", f"it is {label}", None, f"pods of {label}")

    def _of_ingress(self, namespace: str, name: str) -> Client:
        if self._entries is None:
            self._entries = Entries(self._mesh, self.gateways)
        label, stated = f"Ingress {namespace}/{name}", self._entries.ingress_class(namespace, name)
        if stated == "istio":
            root = self._mesh.inventory.mesh_config.root_namespace
            return Client(label, root, "gateway", f"{label} is of class istio", None)
        missing = f"membership of the controller of {f'ingress class {stated}' if stated else 'ingresses'}"
        return Client(label, EVERYWHERE, "unknown", f"the {missing} is not in the manifests", None, missing)


def _selectors(mesh: Mesh, rules: DestinationRules) -> Iterator[tuple[str, Selector]]:
    for rule in rules.all:
        if rule.selector:
            yield rule.resource.namespace, frozenset(rule.selector.items())
    for resource in mesh.inventory.of_kind("networking.istio.io/Sidecar"):
        labels = strings(mapping(mapping(resource.content().get("spec")).get("workloadSelector")).get("labels"))
        if labels:
            yield resource.namespace, frozenset(labels.items())


def _excluded(workload: Workload, member: Membership) -> frozenset[int]:
    if member.dataplane != "sidecar":
        return frozenset()
    stated = workload.annotations.get(EXCLUDED_OUT, "")
    return frozenset(int(item) for item in stated.split(",") if item.strip().isdecimal() and len(item) < 10)


def exclusion_place(client: Client) -> Place | None:
    """Return the annotation that keeps ports from the proxy."""
    workload = client.workload
    if workload is None:
        return None
    return Place(workload.resource, f"{workload.template}/metadata/annotations/{escaped(EXCLUDED_OUT)}", "outbound")
