"""Which kinds the mesh groups have or had, in which versions, and which schema tells their fields.

In: a group, a kind, a version. Out: claims about them, and what was probably meant. Versions that older releases served
are listed too; a group that had more kinds than anybody remembers is open.
"""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.resources.schemas.suggestions import one_slip

RELEASES = {"gateway.networking.k8s.io": "the Gateway API up to 1.6"}
"""Up to which release the schemas of a group are complete; the rest are Istio's."""

_ISTIO_RELEASE = "Istio up to 1.31"
_THREE = "v1 v1beta1 v1alpha3"
_KINDS: Mapping[str, Mapping[str, str]] = {
    "networking.istio.io": {
        "DestinationRule": _THREE,
        "EnvoyFilter": "v1alpha3",
        "Gateway": _THREE,
        "ProxyConfig": "v1beta1",
        "ServiceEntry": _THREE,
        "Sidecar": _THREE,
        "SyntheticServiceEntry": "v1alpha3",
        "VirtualService": _THREE,
        "WorkloadEntry": _THREE,
        "WorkloadGroup": _THREE,
    },
    "security.istio.io": {
        "AuthorizationPolicy": "v1 v1beta1",
        "PeerAuthentication": "v1 v1beta1",
        "RequestAuthentication": "v1 v1beta1",
    },
    "telemetry.istio.io": {"Telemetry": "v1 v1alpha1"},
    "extensions.istio.io": {
        "ExtensionFilter": "v1alpha1",
        "TrafficExtension": "v1alpha1",
        "WasmPlugin": "v1alpha1",
    },
    "install.istio.io": {"IstioControlPlane": "v1alpha2", "IstioOperator": "v1alpha1"},
    "authentication.istio.io": {"MeshPolicy": "v1alpha1", "Policy": "v1alpha1"},
    "rbac.istio.io": {
        "AuthorizationPolicy": "v1alpha1",
        "ClusterRbacConfig": "v1alpha1",
        "RbacConfig": "v1alpha1",
        "ServiceRole": "v1alpha1",
        "ServiceRoleBinding": "v1alpha1",
    },
    "gateway.networking.k8s.io": {
        "BackendLBPolicy": "v1alpha2",
        "BackendTLSPolicy": "v1 v1alpha3 v1alpha2",
        "GRPCRoute": "v1 v1alpha2",
        "Gateway": "v1 v1beta1 v1alpha2",
        "GatewayClass": "v1 v1beta1 v1alpha2",
        "HTTPRoute": "v1 v1beta1 v1alpha2",
        "ListenerSet": "v1",
        "ReferenceGrant": "v1 v1beta1 v1alpha2",
        "ReferencePolicy": "v1alpha2",
        "TCPRoute": "v1 v1alpha2",
        "TLSRoute": "v1 v1alpha3 v1alpha2",
        "UDPRoute": "v1 v1alpha2",
    },
}
_OPEN_GROUPS = ("config.istio.io",)  # Mixer's adapters and templates
_SCHEMAS = {
    "gateway.networking.k8s.io/Gateway": "KubernetesGateway",
    "gateway.networking.k8s.io/HTTPRoute": "KubernetesHTTPRoute",
    "gateway.networking.k8s.io/TLSRoute": "KubernetesTLSRoute",
    "gateway.networking.k8s.io/TCPRoute": "StreamRoute",
    "gateway.networking.k8s.io/UDPRoute": "StreamRoute",
    "gateway.networking.k8s.io/ReferencePolicy": "ReferenceGrant",
    "extensions.istio.io/ExtensionFilter": "TrafficExtension",
}
_WITHOUT_SCHEMA = frozenset(
    (
        "gateway.networking.k8s.io/BackendLBPolicy",
        "install.istio.io/IstioControlPlane",
        "networking.istio.io/SyntheticServiceEntry",
    )
)
_OTHER_SHAPE = frozenset((("gateway.networking.k8s.io", "BackendTLSPolicy", "v1alpha2"),))
_WITH_SCHEMA = (
    "networking.istio.io",
    "security.istio.io",
    "telemetry.istio.io",
    "extensions.istio.io",
    "install.istio.io",
    "gateway.networking.k8s.io",
)


class Stranger(tuple[str, str, str]):
    """Say what is strange about a kind: the field (kind or apiVersion), why, and what was probably meant."""

    __slots__ = ()


def schema_of(group: str, kind: str, version: str) -> str:
    """Return the name of the schema for the `spec` of a kind, empty where none is sure."""
    name = f"{group}/{kind}"
    if group not in _WITH_SCHEMA or kind not in _KINDS[group] or name in _WITHOUT_SCHEMA:
        return ""
    return "" if (group, kind, version) in _OTHER_SHAPE else _SCHEMAS.get(name, kind)


def release_of(group: str) -> str:
    """Return up to which release the schemas of a group are complete, in words."""
    return RELEASES.get(group, _ISTIO_RELEASE)


def schemas() -> dict[str, str]:
    """Return every kind that has a schema, with the name of the schema."""
    found = {}
    for group in _WITH_SCHEMA:
        for kind, versions in _KINDS[group].items():
            if name := schema_of(group, kind, versions.split()[0]):
                found[f"{group}/{kind}"] = name
    return found


def strangeness_of(group: str, kind: str, version: str) -> Stranger | None:
    """Return what is wrong with a kind of a mesh group; None where the group had it, or is not ours."""
    kinds = _KINDS.get(group)
    if kinds is None:
        return _strange_group(group, kind)
    base = kind.removesuffix("List")
    if base not in kinds:
        homes = [home for home, others in _KINDS.items() if base in others]
        if homes:
            return Stranger(("apiVersion", f"{group} has no kind {kind}", f"{homes[0]}/{_first(homes[0], base)}"))
        from meshlint.spelling import nearest

        near = nearest(base, kinds) or ""
        return Stranger(("kind", f"{group} has no kind {kind}", near))
    if version not in kinds[base].split():
        return Stranger(("apiVersion", f"{group} never served {kind} in {version}", f"{group}/{_first(group, base)}"))
    return None


def unserved(name: str) -> tuple[str, str] | None:
    """Return what is wrong with `group/Kind` whatever its version, and the one that was probably meant."""
    group, _, kind = name.partition("/")
    strange = strangeness_of(group, kind, _first(group, kind) if kind in _KINDS.get(group, {}) else "")
    if strange is None:
        return None
    field, told, meant = strange
    if field == "apiVersion":
        return told, f"{meant.partition('/')[0]}/{kind}"
    return told, f"{group}/{meant}" if meant else ""


def _strange_group(group: str, kind: str) -> Stranger | None:
    """Return the group that was meant, when it is one letter away and has the kind."""
    if group in _OPEN_GROUPS or not group:
        return None
    for home, kinds in _KINDS.items():
        if kind in kinds and one_slip(group, home):
            return Stranger(("apiVersion", f"no API group is called {group}", f"{home}/{_first(home, kind)}"))
    return None


def _first(group: str, kind: str) -> str:
    return _KINDS[group][kind].split()[0]
