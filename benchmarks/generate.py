"""Write corpora of manifests for the benchmarks: the same bytes for the same numbers.

In: a folder, a number of documents. Out: files. The meshes are plausible: namespaces with labels, services with
workloads behind them, rules for most hosts, policies that mostly say STRICT.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

NAMESPACES = 100

NAMESPACE = """apiVersion: v1
kind: Namespace
metadata:
  name: {ns}
  labels:
    istio-injection: enabled
    team: team-{team}
"""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {ns}
  labels:
    app: {name}
    app.kubernetes.io/name: {name}
    app.kubernetes.io/part-of: suite-{team}
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: {name}
  strategy:
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app: {name}
        version: v{version}
        app.kubernetes.io/name: {name}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9102"
    spec:
      serviceAccountName: {name}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
      containers:
      - name: {name}
        image: registry.example/{ns}/{name}:1.{version}.{replicas}
        imagePullPolicy: IfNotPresent
        ports:
        - name: http
          containerPort: 8080
        - name: metrics
          containerPort: 9102
        env:
        - name: LOG_LEVEL
          value: info
        - name: UPSTREAM_URL
          value: http://{other}.{ns}.svc.cluster.local:8080/api/v1
        - name: FEATURE_FLAGS
          value: "alpha,beta,gamma"
        resources:
          requests: {{cpu: 100m, memory: 128Mi}}
          limits: {{cpu: 500m, memory: 512Mi}}
        readinessProbe:
          httpGet: {{path: /ready, port: http}}
          periodSeconds: 10
        livenessProbe:
          httpGet: {{path: /live, port: http}}
          periodSeconds: 20
        startupProbe:
          httpGet: {{path: /live, port: http}}
          failureThreshold: 30
          periodSeconds: 5
        lifecycle:
          preStop:
            exec:
              command: ["/bin/sh", "-c", "sleep 15"]
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop: [ALL]
        volumeMounts:
        - name: config
          mountPath: /etc/{name}
        - name: scratch
          mountPath: /tmp
      - name: exporter
        image: registry.example/platform/exporter:2.{version}.0
        args:
        - --listen=:9187
        - --target=http://127.0.0.1:8080/metrics
        - --label=namespace={ns}
        - --label=service={name}
        env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: POD_NAMESPACE
          valueFrom:
            fieldRef:
              fieldPath: metadata.namespace
        - name: API_TOKEN
          valueFrom:
            secretKeyRef:
              name: {name}-exporter
              key: token
        ports:
        - name: exporter
          containerPort: 9187
        resources:
          requests: {{cpu: 10m, memory: 32Mi}}
          limits: {{cpu: 50m, memory: 64Mi}}
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 100
            podAffinityTerm:
              topologyKey: topology.kubernetes.io/zone
              labelSelector:
                matchLabels:
                  app: {name}
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: ScheduleAnyway
        labelSelector:
          matchLabels:
            app: {name}
      volumes:
      - name: scratch
        emptyDir: {{}}
      - name: config
        configMap:
          name: {name}-config
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: {ns}
  labels:
    app: {name}
spec:
  selector:
    app: {name}
  ports:
  - name: http
    port: 8080
    targetPort: http
  - name: http-metrics
    port: 9102
    targetPort: metrics
"""
VIRTUAL_SERVICE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}
  namespace: {ns}
spec:
  hosts:
  - {name}.{ns}.svc.cluster.local
  http:
  - match:
    - uri:
        prefix: /api/v{version}
    route:
    - destination:
        host: {name}.{ns}.svc.cluster.local
        port:
          number: 8080
        subset: v{version}
      weight: 100
    timeout: 5s
    retries:
      attempts: 2
      perTryTimeout: 1s
  - route:
    - destination:
        host: {name}.{ns}.svc.cluster.local
        port:
          number: 8080
"""
DESTINATION_RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: {ns}
spec:
  host: {name}.{ns}.svc.cluster.local
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: {limit}
      http:
        http1MaxPendingRequests: 50
        http2MaxRequests: 200
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 10s
      baseEjectionTime: 30s
      maxEjectionPercent: 50
  subsets:
  - name: v{version}
    labels:
      version: v{version}
"""
PEER_AUTHENTICATION = """apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: {name}
  namespace: {ns}
spec:
  selector:
    matchLabels:
      app: {name}
  mtls:
    mode: {mode}
"""
AUTHORIZATION_POLICY = """apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {name}
  namespace: {ns}
spec:
  selector:
    matchLabels:
      app: {name}
  action: ALLOW
  rules:
  - from:
    - source:
        principals:
        - cluster.local/ns/{ns}/sa/{other}
    to:
    - operation:
        methods: [GET, POST]
        paths: ["/api/*"]
"""
_PROPERTIES = "".join(f"    service.setting.number-{number:02}=value of setting {number}\n" for number in range(70))
CONFIG_MAP = (
    """apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}-config
  namespace: {ns}
data:
  upstream: http://{other}.{ns}.svc.cluster.local:8080
  application.properties: |
"""
    + _PROPERTIES
)
KINDS = (DEPLOYMENT, CONFIG_MAP, SERVICE, VIRTUAL_SERVICE, DESTINATION_RULE, PEER_AUTHENTICATION, AUTHORIZATION_POLICY)


def corpus(folder: str, documents: int, kinds: tuple[str, ...] = KINDS) -> int:
    """Write about `documents` documents of these kinds, two or three a file; return the bytes written."""
    return _written(folder, _files(documents, kinds, (), random.Random(20261124)))


def routed(folder: str, services: int) -> int:
    """Write Services with a VirtualService each, and a Deployment and a DestinationRule for every fifth of them."""
    kinds = (SERVICE, VIRTUAL_SERVICE)
    return _written(folder, _files(2 * services, kinds, (DEPLOYMENT, DESTINATION_RULE), random.Random(20261124)))


def _written(folder: str, texts: Iterator[str]) -> int:
    written = 0
    for number, text in enumerate(texts):
        path = os.path.join(folder, f"m{number // 200:03}")
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, f"f{number:06}.yaml"), "w", encoding="utf-8") as file:
            written += file.write(text)
    return written


def _files(documents: int, kinds: tuple[str, ...], rare: tuple[str, ...], chance: random.Random) -> Iterator[str]:
    """Yield the text of each file; of the rare kinds every fifth service has one."""
    spaces = min(NAMESPACES, max(1, documents // 20))
    yield "---\n".join(NAMESPACE.format(ns=f"ns-{number}", team=number % 7) for number in range(spaces))
    pending: list[str] = []
    for service in range(max(1, documents // len(kinds))):
        values = {
            "ns": f"ns-{service % spaces}",
            "name": f"svc-{service}",
            "other": f"svc-{(service + spaces) % max(1, documents // len(kinds))}",
            "team": service % 7,
            "version": chance.randint(1, 3),
            "replicas": chance.randint(2, 5),
            "limit": 0 if chance.random() < 0.01 else chance.randint(50, 500),
            "mode": "PERMISSIVE" if chance.random() < 0.02 else "STRICT",
        }
        for kind in (*kinds, *(rare if service % 5 == 0 else ())):
            pending.append(kind.format(**values))
            if len(pending) >= chance.choice((2, 3)):
                yield "---\n".join(pending)
                pending = []
    if pending:
        yield "---\n".join(pending)


def one_route_table(folder: str, routes: int) -> int:
    """Write one VirtualService with many routes; return the bytes written."""
    rows = [
        f"  - match: [{{uri: {{prefix: /r{number}}}}}]\n    route: [{{destination: {{host: svc-{number % 50}}}}}]\n"
        for number in range(routes)
    ]
    head = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: wide, namespace: ns-0}\n"
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "wide.yaml"), "w", encoding="utf-8") as file:
        return file.write(f"{head}spec:\n  hosts: [wide]\n  http:\n{''.join(rows)}")
