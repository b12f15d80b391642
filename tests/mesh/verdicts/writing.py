"""Write small meshes: a client in namespace web, a Service api with its pods in namespace server."""

from __future__ import annotations

from tests.mesh.build import deployment, namespace, peer

STRICT = peer("default", "istio-system", "{mtls: {mode: STRICT}}")
CLIENT = namespace("web") + deployment("client", "web")
SERVER = namespace("server") + deployment("api", "server")


def service(name: str, namespace: str, spec: str = "", ports: str = "{name: http, port: 80, targetPort: 8080}") -> str:
    """Write a Service in front of pods with `app: <name>`; `spec` is more flow YAML."""
    more = f", {spec}" if spec else ""
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: [{ports}]{more}}}
---
"""


def world(more: str = "", *, client: str = CLIENT, server: str = SERVER, api: str = "") -> str:
    """Write the small mesh, and more objects beside it."""
    return client + server + (api or service("api", "server")) + more


def destination_rule(name: str, namespace: str, host: str, policy: str, more: str = "") -> str:
    """Write a DestinationRule; `policy` and `more` are flow YAML."""
    extra = f", {more}" if more else ""
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{host: {host}, trafficPolicy: {policy}{extra}}}
---
"""


def sidecar(name: str, namespace: str, hosts: str, more: str) -> str:
    """Write a Sidecar that imports hosts."""
    extra = f", {more}" if more else ""
    return f"""
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{egress: [{{hosts: {hosts}}}]{extra}}}
---
"""


def mesh_config(body: str) -> str:
    """Write the ConfigMap of istiod with one line of MeshConfig."""
    return f"""
apiVersion: v1
kind: ConfigMap
metadata: {{name: istio, namespace: istio-system}}
data:
  mesh: "{body}"
---
"""
