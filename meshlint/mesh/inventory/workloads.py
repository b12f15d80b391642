"""Read pod templates: labels, containers, ports, environment. Nothing is resolved.

In: a resource that makes pods, or a WorkloadEntry. Out: `Workload`. Wrong types count as absent.
"""

from __future__ import annotations

from typing import Any

from meshlint.mesh.model import Container, Workload
from meshlint.resources.digest import mapping, sequence, strings, text
from meshlint.resources.resource import Resource


def read_workload(number: int, resource: Resource, template: str) -> Workload | None:
    """Read one maker of pods; None for those that another object makes (a ReplicaSet of a Deployment)."""
    content = resource.content()
    if sequence(content.get("ownerReferences")):
        return None
    kept = mapping(content.get("template"))
    pod = mapping(kept.get("spec"))
    labels, annotations = strings(kept.get("labels")), strings(kept.get("annotations"))
    replicas = content.get("replicas")
    is_count = isinstance(replicas, int) and not isinstance(replicas, bool) and replicas >= 0
    return Workload(
        number,
        resource,
        resource.namespace,
        resource.name,
        labels,
        annotations,
        template,
        text(pod.get("serviceAccountName")) or text(pod.get("serviceAccount")) or "default",
        replicas if is_count else _default_replicas(resource, replicas),
        pod.get("hostNetwork") is True,
        tuple(_containers(pod, f"{template}/spec")),
    )


def _default_replicas(resource: Resource, stated: Any) -> int | None:
    """Return what Kubernetes defaults `replicas` to; autoscaled workloads leave it out, so only Pods are certain."""
    return 1 if resource.kind == "Pod" and stated is None else None


def _containers(pod: dict[str, Any], pointer: str) -> list[Container]:
    found = []
    for field in ("containers", "initContainers"):
        for position, item in enumerate(sequence(pod.get(field))):
            container = mapping(item)
            if field == "initContainers" and container.get("restartPolicy") != "Always":
                continue
            found.append(_container(container, f"{pointer}/{field}/{position}"))
    return found


def _container(container: dict[str, Any], pointer: str) -> Container:
    arguments = [
        (item, f"{key}/{position}")
        for key in ("command", "args")
        for position, item in enumerate(sequence(container.get(key)))
        if isinstance(item, str)
    ]
    env = [
        (text(mapping(item).get("name")), text(mapping(item).get("value")), position)
        for position, item in enumerate(sequence(container.get("env")))
        if text(mapping(item).get("value"))
    ]
    return Container(
        text(container.get("name")),
        text(container.get("image")),
        tuple(_ports(container.get("ports"))),
        tuple(env),
        tuple(arguments),
        pointer,
    )


def _ports(value: Any) -> list[tuple[int, str, str]]:
    found = []
    for item in sequence(value):
        port = mapping(item)
        number = port_number(port.get("containerPort"))
        if number is not None:
            found.append((number, text(port.get("name")), text(port.get("protocol")) or "TCP"))
    return found


def port_number(value: Any) -> int | None:
    """Return a TCP or UDP port number; None for anything else, a boolean included."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536:
        return value
    return None


def read_endpoint(number: int, resource: Resource) -> Workload:
    """Read a WorkloadEntry: a virtual machine that has a proxy when it has a service account or says so."""
    spec = mapping(resource.content().get("spec"))
    ports = [(port, name, "TCP") for name, value in mapping(spec.get("ports")).items() if (port := port_number(value))]
    container = Container("", "", tuple(ports), (), (), "/spec")
    labels = strings(spec.get("labels"))
    account = text(spec.get("serviceAccount"))
    return Workload(
        number, resource, resource.namespace, resource.name, labels, {}, "/spec", account, 1, False, (container,), True
    )
