"""The fields of the routes of the Gateway API (gateway.networking.k8s.io, both channels).

In: nothing. Out: blocks in the notation of `notation`, under the same rule as `gateway_api`.
"""

from __future__ import annotations

GATEWAY_ROUTES = {
    "ParentReference": """
        group string
        kind string 1..
        name! string 1..
        namespace string
        port port
        sectionName string 1..
    """,
    "KubernetesHTTPRoute": """
        hostnames [string]
        parentRefs [ParentReference]
        rules [HTTPRouteRule]
        useDefaultGateways string
    """,
    "HTTPRouteRule": """
        backendRefs [HTTPBackendRef]
        filters [HTTPRouteFilter]
        matches [HTTPRouteMatch]
        name string
        retry RouteRetry
        sessionPersistence SessionPersistence
        timeouts RouteTimeouts
    """,
    "HTTPRouteMatch": """
        headers [HTTPValueMatch]
        method GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH
        path HTTPPathMatch
        queryParams [HTTPValueMatch]
    """,
    "HTTPPathMatch": """
        type Exact|PathPrefix|RegularExpression
        value string
    """,
    "HTTPValueMatch": """
        name! string 1..
        type Exact|RegularExpression
        value! string 1..
    """,
    "HTTPRouteFilter": """
        cors HTTPCORSFilter
        extensionRef LocalObjectReference
        externalAuth any
        requestHeaderModifier HeaderFilter
        requestMirror RequestMirror
        requestRedirect RequestRedirect
        responseHeaderModifier HeaderFilter
        type! HTTPFilterType
        urlRewrite URLRewrite
    """,
    "HTTPFilterType": """
        = RequestHeaderModifier|ResponseHeaderModifier|RequestMirror|RequestRedirect|URLRewrite|ExtensionRef
        = CORS|ExternalAuth
    """,
    "HTTPCORSFilter": """
        allowCredentials bool
        allowHeaders [string]
        allowMethods [string]
        allowOrigins [string]
        exposeHeaders [string]
        maxAge int
    """,
    "HeaderFilter": """
        add [HTTPHeader]
        remove [string]
        set [HTTPHeader]
    """,
    "HTTPHeader": """
        name! string 1..
        value! string
    """,
    "RequestMirror": """
        backendRef! BackendObjectReference
        fraction Fraction
        percent int 0..100
        % at-most-one percent fraction
    """,
    "Fraction": """
        denominator int 1..
        numerator! int 0..
    """,
    "BackendObjectReference": """
        group string
        kind string 1..
        name! string 1..
        namespace string
        port port
    """,
    "RequestRedirect": """
        hostname string
        path HTTPPathModifier
        port port
        scheme http|https
        statusCode int 301..308
    """,
    "HTTPPathModifier": """
        replaceFullPath string
        replacePrefixMatch string
        type! ReplaceFullPath|ReplacePrefixMatch
    """,
    "URLRewrite": """
        hostname string
        path HTTPPathModifier
    """,
    "HTTPBackendRef": """
        filters [HTTPRouteFilter]
        group string
        kind string 1..
        name! string 1..
        namespace string
        port port
        weight int 0..1000000
    """,
    "RouteRetry": """
        attempts int
        backoff period
        codes [int]
    """,
    "RouteTimeouts": """
        backendRequest period
        request period
    """,
    "SessionPersistence": """
        absoluteTimeout period
        cookie SessionCookie
        cookieConfig any
        header any
        idleTimeout period
        sessionName string
        type Cookie|Header
    """,
    "SessionCookie": """
        lifetimeType Permanent|Session
        name string
        path string
    """,
    "GRPCRoute": """
        hostnames [string]
        parentRefs [ParentReference]
        rules [GRPCRouteRule]
        useDefaultGateways string
    """,
    "GRPCRouteRule": """
        backendRefs [GRPCBackendRef]
        filters [GRPCRouteFilter]
        matches [GRPCRouteMatch]
        name string
        sessionPersistence SessionPersistence
    """,
    "GRPCRouteMatch": """
        headers [HTTPValueMatch]
        method GRPCMethodMatch
    """,
    "GRPCMethodMatch": """
        method string
        service string
        type Exact|RegularExpression
    """,
    "GRPCRouteFilter": """
        extensionRef LocalObjectReference
        requestHeaderModifier HeaderFilter
        requestMirror RequestMirror
        responseHeaderModifier HeaderFilter
        type! RequestHeaderModifier|ResponseHeaderModifier|RequestMirror|ExtensionRef
    """,
    "GRPCBackendRef": """
        filters [GRPCRouteFilter]
        group string
        kind string 1..
        name! string 1..
        namespace string
        port port
        weight int 0..1000000
    """,
    "BackendRef": """
        group string
        kind string 1..
        name! string 1..
        namespace string
        port port
        weight int 0..1000000
    """,
    "KubernetesTLSRoute": """
        hostnames [string]
        parentRefs [ParentReference]
        rules! [StreamRouteRule] 1..
        useDefaultGateways string
    """,
    "StreamRoute": """
        parentRefs [ParentReference]
        rules! [StreamRouteRule] 1..
        useDefaultGateways string
    """,
    "StreamRouteRule": """
        backendRefs [BackendRef]
        name string
    """,
}
