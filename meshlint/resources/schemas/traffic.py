"""The fields of DestinationRule, Sidecar and EnvoyFilter (networking.istio.io; CRDs of chart `base`).

In: nothing. Out: blocks in the notation of `notation`; they share types with `networking` and `security`.
"""

from __future__ import annotations

TRAFFIC = {
    "DestinationRule": """
        exportTo [string]
        host! string
        subsets [Subset]
        trafficPolicy TrafficPolicy
        workloadSelector PodSelector
    """,
    "Subset": """
        labels {string}
        name! string
        trafficPolicy TrafficPolicy
    """,
    "TrafficPolicy": """
        connectionPool ConnectionPool
        loadBalancer LoadBalancer
        outlierDetection OutlierDetection
        portLevelSettings [PortTrafficPolicy]
        proxyProtocol ProxyProtocol
        retryBudget RetryBudget
        tls ClientTLSSettings
        tunnel TunnelSettings
    """,
    "PortTrafficPolicy": """
        connectionPool ConnectionPool
        loadBalancer LoadBalancer
        outlierDetection OutlierDetection
        port PortSelector
        tls ClientTLSSettings
    """,
    "ConnectionPool": """
        http HTTPPool
        tcp TCPPool
    """,
    "HTTPPool": """
        h2UpgradePolicy DEFAULT|DO_NOT_UPGRADE|UPGRADE
        http1MaxPendingRequests int
        http2KeepAlive any
        http2MaxRequests int
        http2ProtocolOptions any
        idleTimeout duration
        maxConcurrentStreams int
        maxRequestsPerConnection int
        maxRetries int
        useClientProtocol bool
    """,
    "TCPPool": """
        connectTimeout duration
        idleTimeout span
        maxConnectionDuration duration
        maxConnections int
        tcpKeepalive TCPKeepalive
    """,
    "TCPKeepalive": """
        interval duration
        probes natural
        time duration
    """,
    "LoadBalancer": """
        consistentHash ConsistentHash
        localityLbSetting LocalitySetting
        simple UNSPECIFIED|LEAST_CONN|RANDOM|PASSTHROUGH|ROUND_ROBIN|LEAST_REQUEST
        warmup Warmup
        warmupDurationSecs duration
        zoneAwareLbSetting ZoneAwareSetting
        % at-most-one simple consistentHash
    """,
    "ConsistentHash": """
        httpCookie HashCookie
        httpHeaderName string
        httpQueryParameterName string
        maglev Maglev
        minimumRingSize natural
        ringHash RingHash
        useSourceIp bool
        % at-most-one httpHeaderName httpCookie useSourceIp httpQueryParameterName
        % at-most-one ringHash maglev
    """,
    "HashCookie": """
        attributes [CookieAttribute]
        name! string
        path string
        ttl span
    """,
    "CookieAttribute": """
        name! string
        value string
    """,
    "Maglev": """
        tableSize natural
    """,
    "RingHash": """
        minimumRingSize natural
    """,
    "LocalitySetting": """
        distribute [LocalityShare]
        enabled bool
        failover [LocalityFailover]
        failoverPriority [string]
    """,
    "ZoneAwareSetting": """
        % loose
        enabled bool
        failover [LocalityFailover]
        failoverPriority [string]
        minClusterSize natural
    """,
    "LocalityShare": """
        from string
        to {natural}
    """,
    "LocalityFailover": """
        from string
        to string
    """,
    "Warmup": """
        aggression number 0..
        duration! duration
        minimumPercent number 0..100
    """,
    "OutlierDetection": """
        baseEjectionTime duration
        consecutive5xxErrors natural
        consecutiveErrors int
        consecutiveGatewayErrors natural
        consecutiveLocalOriginFailures natural
        interval duration
        maxEjectionPercent int
        minHealthPercent int
        outlierDetectionHttpErrorCodes any
        splitExternalLocalOriginErrors bool
    """,
    "ProxyProtocol": """
        version V1|V2
    """,
    "RetryBudget": """
        budgetInterval span
        minRetryConcurrency natural
        percent number 0..100
    """,
    "ClientTLSSettings": """
        caCertificates string
        caCrl string
        clientCertificate string
        credentialName string
        insecureSkipVerify bool
        mode DISABLE|SIMPLE|MUTUAL|ISTIO_MUTUAL
        privateKey string
        sni string
        subjectAltNames [string]
    """,
    "TunnelSettings": """
        protocol string
        targetHost! string
        targetPort! natural
    """,
    "Sidecar": """
        egress [EgressListener]
        inboundConnectionPool ConnectionPool
        ingress [IngressListener]
        outboundTrafficPolicy OutboundTrafficPolicy
        workloadSelector WorkloadSelector
    """,
    "EgressListener": """
        bind string
        captureMode DEFAULT|IPTABLES|NONE
        hosts! [string]
        port SidecarPort
    """,
    "IngressListener": """
        bind string
        captureMode DEFAULT|IPTABLES|NONE
        connectionPool ConnectionPool
        defaultEndpoint string
        port! SidecarPort
        tls ServerTLSSettings
    """,
    "SidecarPort": """
        name string
        number natural
        protocol string
        targetPort natural
    """,
    "OutboundTrafficPolicy": """
        egressProxy Destination
        mode REGISTRY_ONLY|ALLOW_ANY|ALLOW_ANY_DYNAMIC_DNS
    """,
    "EnvoyFilter": """
        configPatches [ConfigPatch]
        priority int
        targetRefs [TargetRef] ..16
        workloadSelector WorkloadSelector
        % at-most-one workloadSelector targetRefs
    """,
    "ConfigPatch": """
        applyTo ApplyTo
        match ConfigMatch
        patch Patch
    """,
    "ApplyTo": """
        = INVALID|LISTENER|FILTER_CHAIN|NETWORK_FILTER|HTTP_FILTER|ROUTE_CONFIGURATION|VIRTUAL_HOST|HTTP_ROUTE
        = CLUSTER|EXTENSION_CONFIG|BOOTSTRAP|LISTENER_FILTER
    """,
    "ConfigMatch": """
        cluster ClusterMatch
        context ANY|SIDECAR_INBOUND|SIDECAR_OUTBOUND|GATEWAY|WAYPOINT
        listener ListenerMatch
        proxy ProxyMatch
        routeConfiguration RouteConfigurationMatch
        waypoint WaypointMatch
        % at-most-one listener routeConfiguration cluster waypoint
        % waypoint-context
    """,
    "ClusterMatch": """
        name string
        portNumber natural
        service string
        subset string
    """,
    "ListenerMatch": """
        filterChain FilterChainMatch
        listenerFilter string
        name string
        portName string
        portNumber natural
    """,
    "FilterChainMatch": """
        applicationProtocols string
        destinationPort natural
        filter FilterMatch
        name string
        sni string
        transportProtocol string
    """,
    "FilterMatch": """
        name string
        subFilter SubFilterMatch
    """,
    "SubFilterMatch": """
        name string
    """,
    "ProxyMatch": """
        metadata {string}
        proxyVersion string
    """,
    "RouteConfigurationMatch": """
        gateway string
        name string
        portName string
        portNumber natural
        vhost VirtualHostMatch
    """,
    "VirtualHostMatch": """
        domainName string
        name string
        route RouteMatch
    """,
    "RouteMatch": """
        action ANY|ROUTE|REDIRECT|DIRECT_RESPONSE
        name string
    """,
    "WaypointMatch": """
        filter FilterMatch
        portNumber port
        route NamedRouteMatch
    """,
    "NamedRouteMatch": """
        name string
    """,
    "Patch": """
        filterClass UNSPECIFIED|AUTHN|AUTHZ|STATS
        operation INVALID|MERGE|ADD|REMOVE|INSERT_BEFORE|INSERT_AFTER|INSERT_FIRST|REPLACE
        value any
    """,
}
