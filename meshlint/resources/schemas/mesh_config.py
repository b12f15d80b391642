"""The fields of MeshConfig and of IstioOperator that are sure (istio.mesh.v1alpha1, install.istio.io).

In: nothing. Out: blocks in the notation of `notation`. All are loose: releases differ, no CRD closes them, and
istiod ignores what it does not know, so only a name that is almost a real one is wrong.
"""

from __future__ import annotations

MESH_CONFIG = {
    "MeshConfig": """
        % loose
        accessLogEncoding any
        accessLogFile any
        accessLogFormat any
        ca any
        caCertificates any
        certificates any
        configSources any
        connectTimeout any
        defaultConfig ProxyDefaults
        defaultDestinationRuleExportTo any
        defaultHttpRetryPolicy any
        defaultProviders any
        defaultServiceExportTo any
        defaultTrafficPolicy any
        defaultVirtualServiceExportTo any
        disableEnvoyListenerLog any
        discoverySelectors any
        dnsRefreshRate any
        enableAutoMtls bool
        enableEnvoyAccessLogService any
        enablePrometheusMerge any
        enableTracing any
        extensionProviders any
        h2UpgradePolicy any
        hboneIdleTimeout any
        inboundClusterStatName any
        inboundTrafficPolicy any
        ingressClass any
        ingressControllerMode any
        ingressSelector any
        ingressService any
        localityLbSetting any
        meshMTLS any
        outboundClusterStatName any
        outboundTrafficPolicy any
        pathNormalization any
        protocolDetectionTimeout any
        proxyHttpPort any
        proxyInboundListenPort any
        proxyListenPort any
        rootNamespace any
        serviceScopeConfigs any
        serviceSettings any
        tcpKeepalive any
        thriftConfig any
        tlsDefaults any
        trustDomain any
        trustDomainAliases any
        verifyCertificateAtClient any
        zoneAwareLbSetting any
    """,
    "ProxyDefaults": """
        % loose
        availabilityZone any
        binaryPath any
        caCertificatesPem any
        concurrency any
        configPath any
        controlPlaneAuthPolicy any
        customConfigFile any
        discoveryAddress any
        discoveryRefreshDelay any
        drainDuration any
        envoyAccessLogService any
        envoyMetricsService any
        envoyMetricsServiceAddress any
        extraStatTags any
        fileFlushInterval any
        fileFlushMinSizeKb any
        gatewayTopology any
        holdApplicationUntilProxyStarts any
        image any
        interceptionMode any
        meshId any
        parentShutdownDuration any
        privateKeyProvider any
        proxyAdminPort any
        proxyBootstrapTemplatePath any
        proxyHeaders any
        proxyMetadata any
        proxyStatsMatcher any
        readinessProbe any
        runtimeValues any
        sds any
        serviceCluster any
        statNameLength any
        statsdUdpAddress any
        statusPort any
        terminationDrainDuration any
        tracing any
        tracingServiceName any
        zipkinAddress any
    """,
    "IstioOperator": """
        % loose
        addonComponents any
        compatibilityVersion any
        components any
        hub any
        installPackagePath any
        meshConfig MeshConfig
        namespace any
        profile any
        resourceSuffix any
        revision any
        tag any
        unvalidatedValues any
        values any
    """,
}
