"""The fields of VirtualService and Gateway (networking.istio.io; CRDs of chart `base`).

In: nothing. Out: blocks in the notation of `notation`. Fields of older releases that a CRD still lists are kept.
"""

from __future__ import annotations

ROUTING = {
    "VirtualService": """
        exportTo [string]
        gateways [string]
        hosts [string]
        http [HTTPRoute]
        tcp [TCPRoute]
        tls [TLSRoute]
    """,
    "HTTPRoute": """
        corsPolicy CorsPolicy
        delegate Delegate
        directResponse HTTPDirectResponse
        fault HTTPFaultInjection
        headers Headers
        match [HTTPMatchRequest]
        mirror Destination
        mirrorPercent natural
        mirrorPercentage Percent
        mirror_percent natural
        mirrors [HTTPMirrorPolicy]
        name string
        redirect HTTPRedirect
        retries HTTPRetry
        rewrite HTTPRewrite
        route [HTTPRouteDestination]
        timeout duration
    """,
    "CorsPolicy": """
        allowCredentials bool
        allowHeaders [string]
        allowMethods [string]
        allowOrigin [string]
        allowOrigins [StringMatch]
        exposeHeaders [string]
        maxAge duration
        unmatchedPreflights UNSPECIFIED|FORWARD|IGNORE
    """,
    "StringMatch": """
        exact string
        prefix string
        regex string
        % at-most-one exact prefix regex
    """,
    "Delegate": """
        name string
        namespace string
    """,
    "HTTPDirectResponse": """
        body HTTPBody
        status! natural
    """,
    "HTTPBody": """
        bytes string
        string string
        % at-most-one bytes string
    """,
    "HTTPFaultInjection": """
        abort HTTPAbort
        delay HTTPDelay
    """,
    "HTTPAbort": """
        grpcStatus string
        http2Error string
        httpStatus int
        percentage Percent
        % at-most-one httpStatus grpcStatus http2Error
    """,
    "HTTPDelay": """
        exponentialDelay duration
        fixedDelay duration
        percent int
        percentage Percent
        % at-most-one fixedDelay exponentialDelay
    """,
    "Percent": """
        value number
    """,
    "Headers": """
        request HeaderOperations
        response HeaderOperations
    """,
    "HeaderOperations": """
        add {string}
        remove [string]
        set {string}
    """,
    "HTTPMatchRequest": """
        authority StringMatch
        gateways [string]
        headers {StringMatch}
        ignoreUriCase bool
        method StringMatch
        name string
        port natural
        queryParams {StringMatch}
        scheme StringMatch
        sourceLabels {string}
        sourceNamespace string
        statPrefix string
        uri StringMatch
        withoutHeaders {StringMatch}
    """,
    "HTTPMirrorPolicy": """
        destination! Destination
        percentage Percent
    """,
    "HTTPRedirect": """
        authority string
        derivePort FROM_PROTOCOL_DEFAULT|FROM_REQUEST_PORT
        port natural
        prefixRewrite string
        redirectCode natural
        scheme string
        uri string
        % at-most-one port derivePort
    """,
    "HTTPRetry": """
        attempts int
        backoff duration
        perTryTimeout duration
        retryIgnorePreviousHosts bool
        retryOn string
        retryRemoteLocalities bool
    """,
    "HTTPRewrite": """
        authority string
        uri string
        uriRegexRewrite RegexRewrite
    """,
    "RegexRewrite": """
        match string
        rewrite string
    """,
    "HTTPRouteDestination": """
        destination! Destination
        headers Headers
        weight int
    """,
    "Destination": """
        host! string
        port PortSelector
        subset string
    """,
    "PortSelector": """
        number natural
    """,
    "RouteDestination": """
        destination! Destination
        weight int
    """,
    "TCPRoute": """
        match [L4MatchAttributes]
        route [RouteDestination]
    """,
    "L4MatchAttributes": """
        destinationSubnets [string]
        gateways [string]
        port natural
        sourceLabels {string}
        sourceNamespace string
        sourceSubnet string
    """,
    "TLSRoute": """
        match! [TLSMatchAttributes]
        route [RouteDestination]
    """,
    "TLSMatchAttributes": """
        destinationSubnets [string]
        gateways [string]
        port natural
        sniHosts! [string]
        sourceLabels {string}
        sourceNamespace string
    """,
    "Gateway": """
        selector {string}
        servers [Server]
    """,
    "Server": """
        bind string
        defaultEndpoint string
        hosts! [string]
        name string
        port! ServerPort
        tls ServerTLSSettings
    """,
    "ServerPort": """
        name! string
        number! natural
        protocol! string
        targetPort natural
    """,
    "ServerTLSSettings": """
        caCertCredentialName string
        caCertificates string
        caCrl string
        cipherSuites [string]
        credentialName string
        credentialNames [string] 1..
        httpsRedirect bool
        maxProtocolVersion TLS_AUTO|TLSV1_0|TLSV1_1|TLSV1_2|TLSV1_3
        minProtocolVersion TLS_AUTO|TLSV1_0|TLSV1_1|TLSV1_2|TLSV1_3
        mode PASSTHROUGH|SIMPLE|MUTUAL|AUTO_PASSTHROUGH|ISTIO_MUTUAL|OPTIONAL_MUTUAL
        privateKey string
        serverCertificate string
        subjectAltNames [string]
        tlsCertificates [TLSCertificate] 1..
        verifyCertificateHash [string]
        verifyCertificateSpki [string]
        % at-most-one tlsCertificates credentialNames
        % at-most-one credentialName credentialNames
    """,
    "TLSCertificate": """
        caCertificates string
        privateKey string
        serverCertificate string
    """,
}
