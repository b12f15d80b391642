"""The labels and annotations that Istio reads.

In: nothing. Out: names. They are the registry of the targeted release (istio.io/api: label, annotation) and the
namespace label of the injector, which stands in no registry.
"""

from __future__ import annotations

ANNOTATIONS = frozenset(
    """
    prometheus.istio.io/merge-metrics alpha.istio.io/kubernetes-serviceaccounts alpha.istio.io/canonical-serviceaccounts
    networking.istio.io/exportTo sidecar.istio.io/inject sidecar.istio.io/status sidecar.istio.io/rewriteAppHTTPProbers
    sidecar.istio.io/discoveryAddress sidecar.istio.io/proxyImage sidecar.istio.io/proxyImageType
    sidecar.istio.io/proxyCPU sidecar.istio.io/proxyCPULimit sidecar.istio.io/proxyMemory
    sidecar.istio.io/proxyMemoryLimit sidecar.istio.io/interceptionMode sidecar.istio.io/bootstrapOverride
    sidecar.istio.io/statsInclusionPrefixes sidecar.istio.io/statsInclusionSuffixes
    sidecar.istio.io/statsInclusionRegexps sidecar.istio.io/statsHistogramBuckets sidecar.istio.io/statsFlushInterval
    sidecar.istio.io/statsEvictionInterval sidecar.istio.io/statsHistogramBins sidecar.istio.io/userVolume
    sidecar.istio.io/userVolumeMount sidecar.istio.io/logLevel sidecar.istio.io/componentLogLevel
    sidecar.istio.io/agentLogLevel sidecar.istio.io/nativeSidecar sidecar.istio.io/extraStatTags
    sidecar.istio.io/statsCompression status.sidecar.istio.io/port
    readiness.status.sidecar.istio.io/initialDelaySeconds readiness.status.sidecar.istio.io/periodSeconds
    readiness.status.sidecar.istio.io/failureThreshold readiness.status.sidecar.istio.io/applicationPorts
    traffic.istio.io/nodeSelector traffic.sidecar.istio.io/includeOutboundIPRanges
    traffic.sidecar.istio.io/excludeOutboundIPRanges traffic.sidecar.istio.io/includeInboundPorts
    traffic.sidecar.istio.io/excludeInboundPorts traffic.sidecar.istio.io/excludeInterfaces
    traffic.sidecar.istio.io/includeOutboundPorts traffic.sidecar.istio.io/excludeOutboundPorts
    traffic.sidecar.istio.io/kubevirtInterfaces kubernetes.io/ingress.class galley.istio.io/analyze-suppress
    proxy.istio.io/config proxy.istio.io/overrides istio.io/dry-run istio.io/rev inject.istio.io/templates
    istio.io/autoRegistrationGroup istio.io/workloadController istio.io/connectedAt istio.io/disconnectedAt
    istio.io/use-waypoint-canary-weight istio.io/reroute-virtual-interfaces topology.istio.io/controlPlaneClusters
    gateway.istio.io/controller-version gateway.istio.io/service-account gateway.istio.io/name-override
    networking.istio.io/service-type networking.istio.io/traffic-distribution ambient.istio.io/redirection
    ambient.istio.io/waypoint-inbound-binding ambient.istio.io/bypass-inbound-capture ambient.istio.io/dns-capture
    """.split()
)
LABELS = frozenset(
    """
    security.istio.io/tlsMode service.istio.io/canonical-name service.istio.io/canonical-revision
    service.istio.io/workload-name networking.istio.io/gatewayPort networking.istio.io/enable-autoallocate-ip
    networking.istio.io/tunnel istio.io/rev istio.io/tag istio.io/dataplane-mode istio.io/use-waypoint
    istio.io/use-waypoint-namespace istio.io/use-waypoint-canary istio.io/use-waypoint-canary-namespace
    istio.io/ingress-use-waypoint istio.io/waypoint-for operator.istio.io/component operator.istio.io/managed
    operator.istio.io/version topology.istio.io/subzone topology.istio.io/network topology.istio.io/cluster
    topology.istio.io/locality sidecar.istio.io/inject gateway.istio.io/managed
    gateway.networking.k8s.io/gateway-name gateway.networking.k8s.io/gateway-class-name istio-injection
    """.split()
)
"""`networking.istio.io/tunnel` is written by the injector and read by istiod without being registered."""

NAMES = ANNOTATIONS | LABELS
