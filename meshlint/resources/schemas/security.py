"""The fields of Istio's security, telemetry and extension kinds (CRDs of chart `base`).

In: nothing. Out: blocks in the notation of `notation`.
"""

from __future__ import annotations

SECURITY = {
    "PodSelector": """
        matchLabels {string}
        % no-wildcards-in-match-labels
    """,
    "TargetRef": """
        group string
        kind! string 1..
        name! string 1..
        namespace string
        % same-namespace
    """,
    "PeerAuthentication": """
        mtls PeerMode
        portLevelMtls {PeerMode} 1..
        selector PodSelector
        % ports-need-selector
        % port-keys
    """,
    "PeerMode": """
        mode UNSET|DISABLE|PERMISSIVE|STRICT
    """,
    "RequestAuthentication": """
        jwtRules [JWTRule]
        selector PodSelector
        targetRef TargetRef
        targetRefs [TargetRef] ..16
        % at-most-one selector targetRef targetRefs
    """,
    "JWTRule": """
        audiences [filled]
        forwardOriginalToken bool
        fromCookies [filled]
        fromHeaders [JWTHeader]
        fromParams [filled]
        issuer string 1..
        jwks string
        jwksUri string 1..
        jwks_uri string 1..
        outputClaimToHeaders [ClaimToHeader]
        outputPayloadToHeader string
        spaceDelimitedClaims [filled]
        timeout duration
        % at-most-one jwks jwksUri jwks_uri
    """,
    "JWTHeader": """
        name! string 1..
        prefix string
    """,
    "ClaimToHeader": """
        claim! string 1..
        header! header
    """,
    "AuthorizationPolicy": """
        action ALLOW|DENY|AUDIT|CUSTOM
        provider AuthorizationProvider
        rules [AuthorizationRule] ..512
        selector PodSelector
        targetRef TargetRef
        targetRefs [TargetRef] ..16
        % at-most-one selector targetRef targetRefs
    """,
    "AuthorizationProvider": """
        name string
    """,
    "AuthorizationRule": """
        from [AuthorizationFrom] ..512
        to [AuthorizationTo]
        when [AuthorizationCondition]
    """,
    "AuthorizationFrom": """
        source AuthorizationSource
    """,
    "AuthorizationSource": """
        ipBlocks [string]
        namespaces [string]
        notIpBlocks [string]
        notNamespaces [string]
        notPrincipals [string]
        notRemoteIpBlocks [string]
        notRequestPrincipals [string]
        notServiceAccounts [string] ..16
        notTrustDomains [string]
        principals [string]
        remoteIpBlocks [string]
        requestPrincipals [string]
        serviceAccounts [string] ..16
        trustDomains [string]
        % accounts-stand-alone
    """,
    "AuthorizationTo": """
        operation AuthorizationOperation
    """,
    "AuthorizationOperation": """
        hosts [string]
        methods [string]
        notHosts [string]
        notMethods [string]
        notPaths [string]
        notPorts [string]
        paths [string]
        ports [string]
    """,
    "AuthorizationCondition": """
        key! string
        notValues [string]
        values [string]
    """,
    "Telemetry": """
        accessLogging [AccessLogging]
        metrics [Metrics]
        selector PodSelector
        targetRef TargetRef
        targetRefs [TargetRef] ..16
        tracing [Tracing]
        % at-most-one selector targetRef targetRefs
    """,
    "AccessLogging": """
        disabled bool
        filter AccessLogFilter
        match LogMatch
        providers [TelemetryProvider]
    """,
    "AccessLogFilter": """
        expression string
    """,
    "LogMatch": """
        mode CLIENT_AND_SERVER|CLIENT|SERVER
    """,
    "TelemetryProvider": """
        name! string 1..
    """,
    "Metrics": """
        overrides [MetricsOverride]
        providers [TelemetryProvider]
        reportingInterval duration
    """,
    "MetricsOverride": """
        disabled bool
        match MetricMatch
        tagOverrides {TagOverride}
    """,
    "MetricMatch": """
        customMetric string 1..
        metric Metric
        mode CLIENT_AND_SERVER|CLIENT|SERVER
        % at-most-one metric customMetric
    """,
    "Metric": """
        = ALL_METRICS|REQUEST_COUNT|REQUEST_DURATION|REQUEST_SIZE|RESPONSE_SIZE|TCP_OPENED_CONNECTIONS
        = TCP_CLOSED_CONNECTIONS|TCP_SENT_BYTES|TCP_RECEIVED_BYTES|GRPC_REQUEST_MESSAGES|GRPC_RESPONSE_MESSAGES
    """,
    "TagOverride": """
        operation UPSERT|REMOVE
        value string
        % tag-override
    """,
    "Tracing": """
        customTags {CustomTag}
        disableContextPropagation bool
        disableSpanReporting bool
        enableIstioTags bool
        match LogMatch
        providers [TelemetryProvider]
        randomSamplingPercentage number 0..100
        useRequestIdForTraceSampling bool
    """,
    "CustomTag": """
        environment NamedTag
        formatter ValuedTag
        header NamedTag
        literal ValuedTag
        % at-most-one literal environment header formatter
    """,
    "NamedTag": """
        defaultValue string
        name! string 1..
    """,
    "ValuedTag": """
        value! string 1..
    """,
    "WasmPlugin": """
        failStrategy FAIL_CLOSE|FAIL_OPEN|FAIL_RELOAD
        imagePullPolicy UNSPECIFIED_POLICY|IfNotPresent|Always
        imagePullSecret string 1..
        match [ExtensionMatch]
        phase UNSPECIFIED_PHASE|AUTHN|AUTHZ|STATS
        pluginConfig any
        pluginName string 1..
        priority int
        selector PodSelector
        sha256 sha256
        targetRef TargetRef
        targetRefs [TargetRef] ..16
        type UNSPECIFIED_PLUGIN_TYPE|HTTP|NETWORK
        url! string 1..
        verificationKey string
        vmConfig WasmVM
        % at-most-one selector targetRef targetRefs
    """,
    "ExtensionMatch": """
        mode UNDEFINED|CLIENT|SERVER|CLIENT_AND_SERVER
        ports [ExtensionPort]
    """,
    "ExtensionPort": """
        number! port
    """,
    "WasmVM": """
        env [WasmVariable]
    """,
    "WasmVariable": """
        name! string 1..
        value string
        valueFrom INLINE|HOST
        % inline-value
    """,
    "TrafficExtension": """
        lua LuaFilter
        match [ExtensionMatch]
        phase UNSPECIFIED_PHASE|AUTHN|AUTHZ|STATS
        priority int
        selector PodSelector
        targetRef TargetRef
        targetRefs [TargetRef] ..16
        wasm WasmFilter
        % at-most-one selector targetRef targetRefs
        % exactly-one wasm lua
    """,
    "LuaFilter": """
        inlineCode! string 1..
    """,
    "WasmFilter": """
        failStrategy FAIL_CLOSE|FAIL_OPEN|FAIL_RELOAD
        imagePullPolicy UNSPECIFIED_POLICY|IfNotPresent|Always
        imagePullSecret string 1..
        pluginConfig any
        pluginName string 1..
        sha256 sha256
        type UNSPECIFIED_PLUGIN_TYPE|HTTP|NETWORK
        url! string 1..
        verificationKey string
        vmConfig WasmVM
    """,
}
