"""Build models from YAML text, the way a run does."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from meshlint.config.model import Settings
from meshlint.mesh.build import build_mesh
from meshlint.mesh.inventory.inventory import build_inventory
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Inventory, Membership, PortMode, Workload
from meshlint.resources.assembly import assemble
from meshlint.resources.facts import take_facts
from meshlint.resources.resource import Resource

TODAY = "2026-11-24"


def resources(text: str, path: str = "all.yaml") -> tuple[Resource, ...]:
    """Read the objects of one text."""
    return assemble([path], [take_facts(dedent(text).encode(), path)]).resources


def tree(files: dict[str, str], namespace: str = "") -> tuple[Resource, ...]:
    """Read the objects of several files, in the order of their paths."""
    paths = sorted(files)
    return assemble(
        paths, [take_facts(dedent(files[path]).encode(), path) for path in paths], namespace=namespace
    ).resources


def inventory(text: str, **assumptions: Any) -> Inventory:
    """Index the objects of one text."""
    return build_inventory(resources(text), **assumptions)


def mesh(text: str, settings: Settings | None = None, **options: Any) -> Mesh:
    """Resolve the objects of one text."""
    return build_mesh(resources(text), settings or Settings(), **{"today": TODAY, **options})


def workload(found: Mesh, name: str) -> Workload:
    """Return the workload of that name."""
    return next(item for item in found.inventory.workloads if item.name == name)


def member(found: Mesh, name: str) -> Membership:
    """Return the membership of the workload of that name."""
    return found.memberships[workload(found, name).id]


def modes(found: Mesh, name: str) -> dict[int, PortMode]:
    """Return the port modes of the workload of that name."""
    return {mode.number: mode for mode in found.mtls.modes.get(workload(found, name).id, ())}


NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata: {{name: {name}, labels: {labels}}}
---
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: {replicas}
  template:
    metadata: {{labels: {labels}, annotations: {annotations}}}
    spec:
      containers: [{{name: app, image: x, ports: [{ports}]}}]
---
"""
PEER = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: {name}, namespace: {namespace}, annotations: {annotations}}}
spec: {spec}
---
"""


def namespace(name: str, labels: str = "{istio-injection: enabled}") -> str:
    """Write a Namespace."""
    return NAMESPACE.format(name=name, labels=labels)


def deployment(
    name: str,
    namespace: str,
    *,
    labels: str = "",
    annotations: str = "{}",
    ports: tuple[int, ...] = (8080,),
    replicas: int = 3,
) -> str:
    """Write a Deployment whose pods carry `app: <name>` unless other labels are given."""
    listed = ", ".join(f"{{containerPort: {port}}}" for port in ports)
    labels = labels or f"{{app: {name}}}"
    return DEPLOYMENT.format(
        name=name, namespace=namespace, labels=labels, annotations=annotations, ports=listed, replicas=replicas
    )


def peer(name: str, namespace: str, spec: str, annotations: str = "{}") -> str:
    """Write a PeerAuthentication; `spec` is flow YAML."""
    return PEER.format(name=name, namespace=namespace, spec=spec, annotations=annotations)
