"""Things that controllers make: they stand in no manifest and exist all the same.

In: the inventory. Out: who makes, or may make, an object of a name. Sources: the deployment controller of Istio's
Gateway API (`name-class`, or `gateway.istio.io/name-override`; a waypoint bears the Gateway's own name), the default
install. Operators name what they make after their own object (`-primary`, `-kafka-bootstrap`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.kinds import GATEWAY_API_GROUPS, ISTIO_GROUPS, POD_TEMPLATES, qualified
from meshlint.resources.resource import Resource

_GATEWAY = "gateway.networking.k8s.io/Gateway"
_NAME_OVERRIDE = "gateway.istio.io/name-override"
_ACCOUNT = "gateway.istio.io/service-account"
_WAYPOINT_CLASS = "istio-waypoint"
_GATEWAYS = ("istio-ingressgateway", "istio-egressgateway", "istio-eastwestgateway")
_INSTALLED = frozenset(("istiod", *_GATEWAYS, *(f"{name}-service-account" for name in _GATEWAYS)))
_PLATFORM = frozenset(
    (
        ("default", "kubernetes"),
        ("kube-system", "kube-dns"),
        ("kube-system", "coredns"),
        ("kube-system", "metrics-server"),
        ("kube-system", "default-http-backend"),
    )
)
_INSTALLERS = frozenset(
    (
        "helm.toolkit.fluxcd.io/HelmRelease",
        "helm.cattle.io/HelmChart",
        "argoproj.io/Application",
        "k0s.k0sproject.io/Chart",
    )
)
_PLAIN_GROUPS = frozenset(
    (
        "", "apps", "batch", "autoscaling", "policy", "extensions", "networking.k8s.io", "rbac.authorization.k8s.io",
        "storage.k8s.io", "scheduling.k8s.io", "cert-manager.io", "monitoring.coreos.com", "external-secrets.io",
    )
)  # fmt: skip
"""Groups whose objects make no Services, or only pods that the inventory already knows."""


class Maker(NamedTuple):
    """Name who makes a thing; `certain` is false where it only may."""

    text: str
    certain: bool


class Generated:
    """Answer who makes what no manifest shows."""

    def __init__(self, inventory: Inventory) -> None:
        self._root = inventory.mesh_config.root_namespace
        self._gateways = {(r.namespace, name): r for r in inventory.of_kind(_GATEWAY) for name in _names(r)}
        self._owners: dict[str, dict[str, Resource]] = {}
        self._installers: dict[str, Resource] = {}
        folders = _folders(inventory.resources)
        for resource in inventory.resources:
            kind = qualified(resource.group, resource.kind)
            if kind in _INSTALLERS:
                if not _delivers(resource, folders):
                    self._installers.setdefault(_installed_into(resource), resource)
            elif resource.group not in _PLAIN_GROUPS | ISTIO_GROUPS | GATEWAY_API_GROUPS and kind not in POD_TEMPLATES:
                self._owners.setdefault(resource.namespace, {}).setdefault(resource.name, resource)

    def maker(self, namespace: str, name: str) -> Maker | None:
        """Return who makes, or may make, the Service, workload or service account of that name."""
        if (namespace, name) in _PLATFORM or (namespace == self._root and name in _INSTALLED):
            return Maker("the installation", True)
        if gateway := self._gateways.get((namespace, name)):
            return Maker(gateway.text, True)
        owners = self._owners.get(namespace, {})
        prefix = name
        while prefix and owners:
            if owner := owners.get(prefix):
                return Maker(owner.text, False)
            prefix = prefix.rpartition("-")[0]
        installer = self._installers.get(namespace)
        return Maker(installer.text, False) if installer is not None else None


def gateway_names(resource: Resource) -> tuple[str, ...]:
    """Return how Istio names the Service and Deployment of a Gateway API Gateway."""
    if override := resource.annotations.get(_NAME_OVERRIDE):
        return (override,)
    name = text(mapping(resource.content().get("spec")).get("gatewayClassName"))
    return (resource.name,) if name == _WAYPOINT_CLASS else (f"{resource.name}-{name}", resource.name)


def _names(resource: Resource) -> tuple[str, ...]:
    """Return the names of what Istio makes for a Gateway, its service account too where that has another."""
    account = resource.annotations.get(_ACCOUNT)
    return (*gateway_names(resource), account) if account else gateway_names(resource)


def _folders(resources: Sequence[Resource]) -> frozenset[str]:
    """Return every folder that holds objects of the set, at any depth."""
    found: set[str] = set()
    for path in {resource.path for resource in resources}:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder) if folder != "/" else ""
    return frozenset(found)


def _delivers(resource: Resource, folders: frozenset[str]) -> bool:
    """Tell whether an Argo CD Application only brings folders of the set, so that it makes nothing unseen."""
    spec = mapping(resource.content().get("spec"))
    sources = [mapping(item) for item in (spec.get("source"), *sequence(spec.get("sources"))) if mapping(item)]
    paths = [posixpath.normpath(text(source.get("path"))) for source in sources if text(source.get("path"))]
    return bool(sources) and len(paths) == len(sources) and all(path in folders for path in paths)


def _installed_into(resource: Resource) -> str:
    spec = mapping(resource.content().get("spec"))
    stated = text(spec.get("targetNamespace")) or text(spec.get("namespace"))
    return stated or text(mapping(spec.get("destination")).get("namespace")) or resource.namespace
