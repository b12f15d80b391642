"""The fields of gateways, grants and policies of the Gateway API (gateway.networking.k8s.io, both channels).

In: nothing. Out: blocks in the notation of `notation`. Fields that only the experimental channel or an older bundle has
are listed too; where releases differ about what is demanded, nothing is demanded.
"""

from __future__ import annotations

GATEWAY_API = {
    "GatewayClass": """
        controllerName! string 1..
        description string
        parametersRef ObjectReference
    """,
    "ObjectReference": """
        group! string
        kind! string 1..
        name! string 1..
        namespace string
    """,
    "LocalObjectReference": """
        group! string
        kind! string 1..
        name! string 1..
    """,
    "SecretReference": """
        group string
        kind string 1..
        name! string 1..
        namespace string
    """,
    "KubernetesGateway": """
        addresses [GatewayAddress]
        allowedListeners AllowedListeners
        backendTLS any
        defaultScope string
        gatewayClassName! string 1..
        infrastructure GatewayInfrastructure
        listeners [Listener]
        tls any
    """,
    "GatewayAddress": """
        routability string
        type string 1..
        value string
    """,
    "AllowedListeners": """
        namespaces ListenerNamespaces
    """,
    "ListenerNamespaces": """
        from All|Selector|Same|None
        selector LabelSelector
    """,
    "LabelSelector": """
        matchExpressions [LabelExpression]
        matchLabels {string}
    """,
    "LabelExpression": """
        key! string
        operator! string
        values [string]
    """,
    "GatewayInfrastructure": """
        annotations {string}
        labels {string}
        parametersRef LocalObjectReference
    """,
    "Listener": """
        allowedRoutes AllowedRoutes
        filters any
        hostname string
        name! string 1..
        port! port
        protocol! string 1..
        tls ListenerTLS
    """,
    "ListenerEntry": """
        allowedRoutes AllowedRoutes
        filters any
        hostname string
        name! string 1..
        port int 0..65535
        protocol! string 1..
        tls ListenerTLS
    """,
    "AllowedRoutes": """
        kinds [RouteGroupKind]
        namespaces RouteNamespaces
    """,
    "RouteGroupKind": """
        group string
        kind! string 1..
    """,
    "RouteNamespaces": """
        from All|Selector|Same|None
        selector LabelSelector
    """,
    "ListenerTLS": """
        certificateRefs [SecretReference]
        frontendValidation any
        mode Terminate|Passthrough
        options {string}
    """,
    "ListenerSet": """
        listeners! [ListenerEntry] 1..
        parentRef! ParentGatewayReference
    """,
    "ParentGatewayReference": """
        group string
        kind string 1..
        name! string 1..
        namespace string
    """,
    "ReferenceGrant": """
        from! [ReferenceGrantFrom] 1..
        to! [ReferenceGrantTo] 1..
    """,
    "ReferenceGrantFrom": """
        group! string
        kind! string 1..
        namespace! string 1..
    """,
    "ReferenceGrantTo": """
        group! string
        kind! string 1..
        name string
    """,
    "BackendTLSPolicy": """
        options {string}
        targetRefs! [PolicyTarget] 1..
        validation! BackendTLSValidation
    """,
    "PolicyTarget": """
        group! string
        kind! string 1..
        name! string 1..
        sectionName string 1..
    """,
    "BackendTLSValidation": """
        caCertificateRefs [LocalObjectReference]
        hostname! string 1..
        subjectAltNames [SubjectAltName]
        wellKnownCACertificates string
    """,
    "SubjectAltName": """
        hostname string
        type! Hostname|URI
        uri string
    """,
}
