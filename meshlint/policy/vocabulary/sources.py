"""What settles the facts of a group: fields of objects, documents, functions of the control plane.

In: nothing. Out: a table by message. A fact with a source of its own names it itself; groups that only repeat what
stands in a manifest have none.
"""

from __future__ import annotations

_RULE = "DestinationRule lookup (setDestinationRules, destinationRule, MostSpecificHostMatch of istiod)"
_LEVELS = "trafficPolicy, portLevelSettings, subsets (GetPortLevelTrafficPolicy, MergeSubsetTrafficPolicy of istiod)"
_SIGHT = "exportTo, Sidecar egress; host names as ResolveShortnameToFQDN expands them"
_CLIENT = (
    "ClientTLSSettings, meshConfig.enableAutoMtls (buildUpstreamTLSSettings, BestEffortInferServiceMTLSMode of istiod)"
)
_POLICIES = "AuthorizationPolicy selectors and targetRefs; CUSTOM, DENY, ALLOW in the order of its reference"
_AMBIENT = "labels istio.io/dataplane-mode and istio.io/use-waypoint; istiod's ambient index"
_OWNERS = "CODEOWNERS, read as GitHub, GitLab, Bitbucket or Gitea does"

SOURCES: dict[str, str] = {
    "Membership": "labels istio-injection, istio.io/rev, istio.io/dataplane-mode, sidecar.istio.io/inject "
    "(webhook selectors and injectRequired of Istio's injector, selectors of the CNI plugin)",
    "Exemption": "annotations meshlint.dev/owner, meshlint.dev/reason, meshlint.dev/expires; the configuration",
    "PortMtls": "PeerAuthentication of workload, namespace and root namespace (ComposePeerAuthentication, "
    "GetMutualTLSModeForPort of istiod; convertPeerAuthentication for ambient)",
    "WorkloadPort": "containerPort, Service targetPort; the traffic.sidecar.istio.io annotations",
    "Workload": "apiVersion and kind of whatever holds a pod template, WorkloadEntry, WorkloadGroup",
    "Outbound": "Sidecar.outboundTrafficPolicy, meshConfig.outboundTrafficPolicy (getSidecarScope of istiod)",
    "AccessLog": "Telemetry of workload, namespace and root namespace, meshConfig.defaultProviders.accessLogging, "
    "meshConfig.accessLogFile",
    "MeshPolicy": "PeerAuthentication without selector in meshConfig.rootNamespace",
    "AutoMtls": "meshConfig.enableAutoMtls, ClientTLSSettings.mode ISTIO_MUTUAL",
    "WorkloadAuthorization": _POLICIES,
    "NamespaceAuthorization": _POLICIES,
    "AuthorizationPolicy": _POLICIES,
    "IdentityUse": "from.source.principals, namespaces, serviceAccounts; conditions source.* (they need mutual TLS)",
    "Caller": "from.source (StringMatch of Istio's authorization model); service accounts, the trust domain",
    "RequestAuthentication": "jwtRules, and the AuthorizationPolicies that ask for requestPrincipals or request.auth",
    "Injection": "webhook selectors of Istio's injector, annotations that it reads afterwards; istio-iptables",
    "MisplacedSetting": "the injection webhook selects by labels",
    "RunAs": "securityContext; istio-iptables exempts the user and group 1337",
    "Breaker": f"{_RULE}; ConnectionPoolSettings, OutlierDetection; Sidecar.inboundConnectionPool",
    "Protocol": "appProtocol, name and protocol of a Service port (ConvertProtocol of Istio's Kubernetes registry)",
    "Legacy": "annotations meshlint.dev/legacy and meshlint.dev/adapter, `legacy:` of the configuration, calls",
    "TimedPort": "HTTPRoute.timeout of a VirtualService, timeouts of the Gateway API; Istio sets none by itself",
    "RouteRetries": "HTTPRoute.retries, meshConfig.defaultHttpRetryPolicy (retry.ConvertPolicy of istiod)",
    "OutlivedCall": "HTTPRoute.timeout of both calls",
    "Circle": "calls in environment, arguments, ConfigMaps, routes and, with --sources, programs",
    "Bottleneck": "calls, Gateways and Ingresses; replicas, PodDisruptionBudget, breakers",
    "PortEntry": "PeerAuthentication.portLevelMtls (ValidatePeerAuthentication); keys are ports of the workload",
    "WrongKey": "the labels and annotations of istio.io/api",
    "MisplacedAnnotation": "the registry of istio.io/api, which names the resources of each annotation",
    "Selection": "selector, targetRefs; labels of pod templates",
    "PeerAuthentication": "PeerAuthentication (addPeerAuthentication, getConfigsForWorkload of istiod)",
    "Opened": "PeerAuthentication: a mode below the STRICT that would have been inherited",
    "DroppedBreaker": _LEVELS,
    "UnlimitedField": "ConnectionPoolSettings: istiod reads zero as not set, which is no limit",
    "PlainText": _CLIENT,
    "Tuning": "ConnectionPoolSettings, OutlierDetection; replicas; Istio's circuit-breaking task",
    "DestinationRule": f"{_RULE}; {_LEVELS}",
    "Ejection": "OutlierDetection.maxEjectionPercent, minHealthPercent (applyOutlierDetection; Envoy's ejectHost)",
    "BalancingFault": "LoadBalancerSettings (GetLocalityLbSetting, validateLocalityLbSetting of istiod)",
    "UnappliedPolicy": f"{_RULE}; {_SIGHT}",
    "DroppedTls": "an entry of portLevelSettings inherits nothing (GetPortLevelTrafficPolicy of istiod)",
    "ForeignTls": "ClientTLSSettings.mode SIMPLE and MUTUAL; filter chains of the server (getFilterChainMatchOptions)",
    "ShadowedTls": _RULE,
    "PlainLabel": "label security.istio.io/tlsMode (GetTLSModeFromEndpointLabels of istiod)",
    "PolicyRole": "rules of Role and ClusterRole; RoleBinding, ClusterRoleBinding",
    "RouteReference": f"hosts, gateways and delegates of a VirtualService; {_SIGHT}",
    "SubsetUse": _RULE,
    "GatewayUse": "gateways of a VirtualService; servers of Istio Gateways and what their selector takes",
    "SharedHost": "hosts and gateways of VirtualServices; in the mesh one wins whole, at gateways routes are joined "
    "(buildGatewayHTTPRouteConfig of istiod)",
    "RouteWeights": "HTTPRouteDestination.weight, which are ratios",
    "RuleTwin": "mergeDestinationRule of istiod",
    "RuleSubset": "labels of a subset; labels of the pods behind the host",
    "PlainEntry": "servers of Istio Gateways, listeners of the Gateway API, Ingresses",
    "ServerConflict": "port and hosts of servers on the same proxies (MergeGateways of istiod)",
    "Gateway": "Gateway.selector, labels of pods and of installs",
    "UnservedPolicy": _AMBIENT,
    "TwoDataPlanes": "labels istio.io/dataplane-mode, sidecar.istio.io/inject, istio.io/rev",
    "UnheededPolicy": "waypoints heed targetRefs; ztunnel heeds selectors",
    "Enrolment": _AMBIENT,
    "UnservedHost": _AMBIENT,
    "IgnoredInAmbient": "convertPeerAuthentication, convertAuthorizationPolicy of istiod's ambient index",
    "InsideEndpoint": "ServiceEntry.location, endpoints (MeshExternal of istiod's services)",
    "KubernetesReference": "parentRefs and backendRefs of the Gateway API",
    "Crossing": "ReferenceGrant of the Gateway API",
    "Bootstrap": "envoy.config.bootstrap.v3",
    "RemovedField": "Envoy refuses the fields of its v2 API when it starts",
    "ClusterFault": "circuit_breaker.proto, outlier_detection.proto of Envoy",
    "BareListener": "Envoy's ListenerImpl",
    "Guard": _OWNERS,
    "Override": _OWNERS,
    "Repository": _OWNERS,
    "File": _OWNERS,
    "Suppression": "comments `# meshlint: ignore[…]`, annotations, `exceptions:` of the configuration",
    "UnknownField": "CRDs of Istio's chart base and of both channels of the Gateway API",
    "InvalidValue": "CRDs of Istio's chart base and of both channels of the Gateway API",
    "StrangeKind": "CRDs of Istio and of the Gateway API, of all releases",
    "Duplicate": "apiVersion, kind, namespace and name",
    "EdgeClient": "calls in environment, arguments, ConfigMaps, routes, AuthorizationPolicies and, with --sources, "
    "programs",
    "EdgePart": f"{_CLIENT}; PeerAuthentication of the server",
    "Edge": f"{_CLIENT}; PeerAuthentication of the server; HBONE in ambient",
}
