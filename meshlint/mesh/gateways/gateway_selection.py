"""Whether pods stand behind the selector of an Istio Gateway.

In: the Gateways, what exists elsewhere. Out: `Selected`. Gateway pods come from charts, from an IstioOperator or from
the Gateway API more often than from plain manifests, so an empty selection is a fault only where the set shows whom it
was meant for: a gateway that nobody configures, one that has the labels in part, or the whole installation. A further
gateway may come from a script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.mesh.existence import Existence
from meshlint.mesh.gateways.gateways import Gateway, Gateways
from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, strings, text

_KUBERNETES_GATEWAY = "gateway.networking.k8s.io/Gateway"
_OPERATOR = "install.istio.io/IstioOperator"
_INSTALLERS = (
    "helm.toolkit.fluxcd.io/HelmRelease",
    "helm.cattle.io/HelmChart",
    "argoproj.io/Application",
    "argoproj.io/ApplicationSet",
    "k0s.k0sproject.io/Chart",
    "sailoperator.io/Istio",
    "maistra.io/ServiceMeshControlPlane",
    _OPERATOR,
)
_DEFAULTS = frozenset(
    f"{prefix}{name}"
    for prefix in ("", "istio-")
    for name in ("ingressgateway", "egressgateway", "eastwestgateway", "ingress", "egress", "eastwest")
)
_NAME_LABELS = ("gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name")


class Selected(NamedTuple):
    """Say whether a selector takes pods; `found` is None where the manifests cannot tell, for `missing`."""

    found: bool | None
    because: str = ""
    missing: str = ""


class GatewaySelection:
    """Answer for each Gateway of an environment."""

    def __init__(self, inventory: Inventory, gateways: Gateways, existence: Existence) -> None:
        self._gateways = gateways
        self._existence = existence
        self._made = tuple(_made_labels(inventory))
        self._installer = next((found[0] for kind in _INSTALLERS if (found := inventory.of_kind(kind))), None)
        configured = {workload.id for gateway in gateways.all for workload in gateway.workloads}
        has_idle = any(proxy.id not in configured for proxy in gateways.proxies)
        self._shows_all = has_idle or (gateways.has_control_plane and bool(gateways.proxies))

    def of(self, gateway: Gateway) -> Selected:
        """Judge one Gateway."""
        selector = gateway.selector
        if gateway.workloads or not selector or gateway.is_generated:
            return Selected(True)
        if any(selector.items() <= labels.items() for labels in self._made) or self._is_external(gateway):
            return Selected(True)
        if not self._gateways.has_control_plane and _DEFAULTS.issuperset(selector.values()):
            return Selected(True)
        words = ", ".join(f"{key}: {value}" for key, value in selector.items())
        if self._installer is not None:
            return Selected(None, missing=f"pods that {self._installer.text} installs")
        if not self._existence.is_complete and not self._shows_all and not self._is_almost_right(gateway):
            return Selected(None, missing=f"gateway pods with {words}")
        where = f"of namespace {gateway.resource.namespace}" if self._gateways.scoped else "of any namespace"
        return Selected(False, f"no pod template {where} has {words}")

    def _is_almost_right(self, gateway: Gateway) -> bool:
        """Tell whether pods of the set carry the label by which charts name a gateway, or without it any other."""
        name = gateway.selector.get("istio")
        wanted = gateway.selector if name is None else {"istio": name}
        return any(not wanted.items().isdisjoint(proxy.labels.items()) for proxy in self._gateways.proxies)

    def _is_external(self, gateway: Gateway) -> bool:
        """Tell whether the configuration names a Deployment or Service that the selector may mean by its labels."""
        values = gateway.selector.values()
        return any(
            self._existence.is_external_object(kind, namespace, value)
            for kind in ("Deployment", "Service")
            for namespace in (gateway.resource.namespace, "istio-system", "istio-ingress", "*")
            for value in values
        )


def _made_labels(inventory: Inventory) -> Iterator[Mapping[str, str]]:
    """Yield the labels of pods that controllers make: of the Gateway API, and of an IstioOperator's gateways."""
    for resource in inventory.of_kind(_KUBERNETES_GATEWAY):
        infrastructure = mapping(mapping(resource.content().get("spec")).get("infrastructure"))
        names = dict.fromkeys(_NAME_LABELS, resource.name)
        yield {**resource.labels, **strings(infrastructure.get("labels")), **names}
    for resource in inventory.of_kind(_OPERATOR):
        components = mapping(mapping(resource.content().get("spec")).get("components"))
        for field in ("ingressGateways", "egressGateways"):
            for item in sequence(components.get(field)):
                name = text(mapping(item).get("name"))
                yield {"istio": name.removeprefix("istio-"), "app": name, **strings(mapping(item).get("label"))}
