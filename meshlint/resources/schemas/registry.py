"""The fields of what Istio registers: ServiceEntry, WorkloadEntry, WorkloadGroup, and of ProxyConfig (chart `base`).

In: nothing. Out: blocks in the notation of `notation`.
"""

from __future__ import annotations

REGISTRY = {
    "ServiceEntry": """
        addresses [string]
        endpoints [WorkloadEntry]
        exportTo [string]
        hosts! [string] 1..
        location MESH_EXTERNAL|MESH_INTERNAL
        ports [ServicePort]
        resolution NONE|STATIC|DNS|DNS_ROUND_ROBIN|DYNAMIC_DNS
        subjectAltNames [string]
        workloadSelector WorkloadSelector
        % at-most-one workloadSelector endpoints
        % entry-resolution
        % host-is-named
        % unique-port-names
        % unique-port-numbers
    """,
    "ServicePort": """
        name! string
        number! port
        protocol string
        targetPort port
    """,
    "WorkloadSelector": """
        labels {string}
        % no-wildcards-in-labels
    """,
    "WorkloadEntry": """
        address string
        labels {string}
        locality string
        network string
        ports {port}
        serviceAccount string
        weight natural
        % at-least-one address network
        % socket-address
    """,
    "WorkloadTemplate": """
        address string
        labels {string}
        locality string
        network string
        ports {port}
        serviceAccount string
        weight natural
        % socket-address
    """,
    "WorkloadGroup": """
        metadata WorkloadMetadata
        probe ReadinessProbe
        template! WorkloadTemplate
    """,
    "WorkloadMetadata": """
        annotations {string}
        labels {string}
    """,
    "ReadinessProbe": """
        exec ExecProbe
        failureThreshold natural
        grpc GRPCProbe
        httpGet HTTPProbe
        initialDelaySeconds natural
        periodSeconds natural
        successThreshold natural
        tcpSocket TCPProbe
        timeoutSeconds natural
        % at-most-one httpGet tcpSocket exec grpc
    """,
    "ExecProbe": """
        command! [string]
    """,
    "GRPCProbe": """
        port port
        service string
    """,
    "HTTPProbe": """
        host string
        httpHeaders [ProbeHeader]
        path string
        port! port
        scheme HTTP|HTTPS
    """,
    "ProbeHeader": """
        name header
        value string
    """,
    "TCPProbe": """
        host string
        port! port
    """,
    "ProxyConfig": """
        concurrency natural
        environmentVariables {string}
        image ProxyImage
        selector PodSelector
    """,
    "ProxyImage": """
        imageType string
    """,
}
