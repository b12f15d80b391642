"""Read the MeshConfig: from the ConfigMap that istiod mounts, an operator's object, or what the configuration assumes.

In: resources by kind. Out: `MeshConfig` with Istio's defaults for what nobody states (istio.mesh.v1alpha1). The text
inside the ConfigMap is YAML of its own; when it does not parse the defaults stand and HYG001 speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from meshlint.mesh.model import MeshConfig, Place
from meshlint.resources.digest import mapping, sequence, text
from meshlint.resources.resource import Resource
from meshlint.syntax.stream import read_stream

_OPERATORS = ("install.istio.io/IstioOperator", "sailoperator.io/Istio")


def read_mesh_config(kinds: Mapping[str, Sequence[Resource]], assumed: Mapping[str, Any] | None = None) -> MeshConfig:
    """Return the MeshConfig in force; an assumption replaces what the manifests say field by field."""
    content, place = _stated(kinds)
    if assumed:
        content = {**content, **assumed}
    by_default = any(_enables_namespaces(r) for r in kinds.get("install.istio.io/IstioOperator", ()))
    if not content and place is None:
        return MeshConfig(enable_namespaces_by_default=by_default)
    return _typed(content, place, bool(assumed))._replace(enable_namespaces_by_default=by_default)


def _enables_namespaces(operator: Resource) -> bool:
    values = mapping(mapping(operator.content().get("spec")).get("values"))
    return mapping(values.get("sidecarInjectorWebhook")).get("enableNamespacesByDefault") is True


def _stated(kinds: Mapping[str, Sequence[Resource]]) -> tuple[dict[str, Any], Place | None]:
    maps = [r for r in kinds.get("/ConfigMap", ()) if r.name == "istio" or r.name.startswith("istio-")]
    for resource in sorted(maps, key=lambda r: (r.name, r.namespace)):
        data = mapping(resource.content().get("data"))
        if isinstance(data.get("mesh"), str):
            return _parsed(data["mesh"]), Place(resource, "/data/mesh", "mesh-config")
    for kind in _OPERATORS:
        for resource in kinds.get(kind, ()):
            if found := _of_operator(mapping(resource.content().get("spec"))):
                return found[0], Place(resource, found[1], "mesh-config")
    return {}, None


def _of_operator(spec: dict[str, Any]) -> tuple[dict[str, Any], str] | None:
    """Return what an operator's object sets and where; Helm values pass through it, and name the root namespace too."""
    values = mapping(spec.get("values"))
    own, passed = mapping(spec.get("meshConfig")), mapping(values.get("meshConfig"))
    installed_in = text(mapping(values.get("global")).get("istioNamespace")) or text(spec.get("namespace"))
    root = {"rootNamespace": installed_in} if installed_in else {}
    content = {**root, **own, **passed}
    if not content:
        return None
    return content, "/spec/meshConfig" if own else "/spec/values/meshConfig" if passed else "/spec"


def _parsed(value: str) -> dict[str, Any]:
    documents = read_stream(value.encode("utf-8", "surrogatepass")).documents
    return mapping(documents[0].value) if documents else {}


def _typed(content: dict[str, Any], place: Place | None, assumed: bool) -> MeshConfig:
    default = MeshConfig()
    auto = content.get("enableAutoMtls")
    export = tuple(item for item in sequence(content.get("defaultDestinationRuleExportTo")) if isinstance(item, str))
    policy = content.get("defaultTrafficPolicy")
    outbound = text(mapping(content.get("outboundTrafficPolicy")).get("mode"))
    return MeshConfig(
        text(content.get("rootNamespace")) or default.root_namespace,
        text(content.get("trustDomain")) or default.trust_domain,
        default.domain,
        auto if isinstance(auto, bool) else True,
        outbound or default.outbound_traffic_policy,
        export or default.default_destination_rule_export_to,
        policy if isinstance(policy, dict) else None,
        False,
        content,
        place,
        assumed,
    )
