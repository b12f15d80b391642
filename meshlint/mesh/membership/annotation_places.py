"""Annotations of Istio on objects whose annotations Istio does not read for that.

In: a resource. Out: `MisplacedAnnotation`. Source: the registry of istio.io/api names the resources that each
annotation belongs to. Only kinds whose metadata goes nowhere else are judged: Namespaces, Services, Pods and the makers
of pods that Kubernetes brings; what an operator does with the metadata of its own kinds is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.inventory.inventory import template_of
from meshlint.mesh.membership.istio_names import ANNOTATIONS
from meshlint.mesh.membership.membership import INJECT, REVISION, escaped
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, strings
from meshlint.resources.kinds import qualified
from meshlint.resources.resource import Resource

_ANY = "any object"
_POD = "Pod"
_READERS = {
    "alpha.istio.io/kubernetes-serviceaccounts": ("Service",),
    "alpha.istio.io/canonical-serviceaccounts": ("Service",),
    "networking.istio.io/exportTo": ("Service",),
    "traffic.istio.io/nodeSelector": ("Service",),
    "kubernetes.io/ingress.class": ("Ingress",),
    "galley.istio.io/analyze-suppress": (_ANY,),
    "gateway.istio.io/controller-version": (_ANY,),
    "istio.io/dry-run": ("AuthorizationPolicy",),
    "istio.io/autoRegistrationGroup": ("WorkloadEntry",),
    "istio.io/workloadController": ("WorkloadEntry",),
    "istio.io/connectedAt": ("WorkloadEntry",),
    "istio.io/disconnectedAt": ("WorkloadEntry",),
    "topology.istio.io/controlPlaneClusters": ("Namespace",),
    "ambient.istio.io/waypoint-inbound-binding": ("GatewayClass", "Gateway"),
    "gateway.istio.io/service-account": ("Gateway",),
    "gateway.istio.io/name-override": ("Gateway",),
    "networking.istio.io/service-type": ("Gateway",),
    "networking.istio.io/traffic-distribution": ("Namespace", "Service", "ServiceEntry"),
    "istio.io/use-waypoint-canary-weight": ("Service", "ServiceEntry", "Namespace"),
}
"""Which objects Istio reads an annotation of; those of pods alone are left out."""

_INJECTION = frozenset((INJECT, REVISION))
"""Settings of injection have a rule of their own."""

_JUDGED = frozenset(
    (
        "/Namespace", "/Service", "/Pod", "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet",
        "batch/Job", "batch/CronJob",
    )
)  # fmt: skip


class MisplacedAnnotation(NamedTuple):
    """Name an annotation and the objects on which Istio reads it."""

    key: str
    belongs_to: str
    pointer: str


def misplaced_annotations(resource: Resource) -> Iterator[MisplacedAnnotation]:
    """Yield the annotations of an object's own metadata that Istio does not read there."""
    if not resource.annotations or qualified(resource.group, resource.kind) not in _JUDGED:
        return
    template = template_of(resource)
    kept = mapping(resource.content().get("template")) if template else {}
    on_pods = strings(kept.get("annotations"))
    for key in resource.annotations:
        if key not in ANNOTATIONS or key in _INJECTION or key in on_pods:
            continue
        readers = _READERS.get(key, (_POD,))
        if resource.kind in readers or _ANY in readers:
            continue
        wanted = "the pod template" if readers == (_POD,) and template else f"a {' or '.join(readers)}"
        yield MisplacedAnnotation(key, wanted, f"/metadata/annotations/{escaped(key)}#")
