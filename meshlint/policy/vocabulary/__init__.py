"""The words that a rule may use: every fact, by target, with its type, its meaning and when it is unknown.

In: nothing. Out: tables. The expression checker, the path checker of messages and the manual all read these tables,
and the views (`policy.views`) fill them: a fact that is not named here cannot be used, one that is named here without
a reason to be unknown is always present.
"""

from __future__ import annotations

from meshlint.policy.vocabulary import (
    ambient,
    authorization,
    chains,
    destination_rules,
    edges,
    external_entries,
    files,
    gateways,
    injection,
    kubernetes_routes,
    peers,
    policies,
    rbac,
    routing,
    schemas,
    services,
    workloads,
)
from meshlint.policy.vocabulary.types import Field, Message

__all__ = ["KINDS", "MESSAGES", "RESOURCE_OF_PLACE", "TARGETS", "Field", "Message"]

MESSAGES: tuple[Message, ...] = (
    *workloads.MESSAGES,
    *authorization.MESSAGES,
    *injection.MESSAGES,
    *services.MESSAGES,
    *chains.MESSAGES,
    *peers.MESSAGES,
    *policies.MESSAGES,
    *destination_rules.MESSAGES,
    *rbac.MESSAGES,
    *routing.MESSAGES,
    *gateways.MESSAGES,
    *ambient.MESSAGES,
    *external_entries.MESSAGES,
    *kubernetes_routes.MESSAGES,
    *files.MESSAGES,
    *schemas.MESSAGES,
    *edges.MESSAGES,
)

TARGETS: dict[str, str] = {
    "workload": "Workload",
    "service": "CalledService",
    "port": "ServicePort",
    "namespace": "Namespace",
    "mesh": "Mesh",
    "repository": "Repository",
    "file": "File",
    "suppression": "Suppression",
    "object": "Object",
    "edge": "Edge",
}
"""The words that `target:` takes, with the facts each of them offers; the word is also the name of the variable."""

KINDS: dict[str, str] = {
    "security.istio.io/PeerAuthentication": "PeerAuthentication",
    "security.istio.io/AuthorizationPolicy": "AuthorizationPolicy",
    "security.istio.io/RequestAuthentication": "RequestAuthentication",
    "networking.istio.io/DestinationRule": "DestinationRule",
    "networking.istio.io/Sidecar": "DestinationRule",
    "rbac.authorization.k8s.io/Role": "PolicyRole",
    "rbac.authorization.k8s.io/ClusterRole": "PolicyRole",
    "networking.istio.io/VirtualService": "VirtualService",
    "networking.k8s.io/Ingress": "VirtualService",
    "networking.istio.io/Gateway": "Gateway",
    "gateway.networking.k8s.io/HTTPRoute": "KubernetesRoute",
    "gateway.networking.k8s.io/GRPCRoute": "KubernetesRoute",
    "gateway.networking.k8s.io/TLSRoute": "KubernetesRoute",
    "gateway.networking.k8s.io/TCPRoute": "KubernetesRoute",
    "gateway.networking.k8s.io/UDPRoute": "KubernetesRoute",
    "envoy.config.bootstrap.v3/Bootstrap": "Bootstrap",
}
"""The kinds that `target: {kinds: […]}` takes with facts of their own; the variable is `object`."""

RESOURCE_OF_PLACE = frozenset(("mesh", "repository", "file", "suppression", "edge"))
"""Targets that are no object themselves: a finding on them belongs to the object at its place."""
