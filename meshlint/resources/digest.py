"""What is kept of an object: enough for every rule, small enough for a hundred thousand objects.

In: the plain values of one document. Out: the same without what no rule reads (status, managed fields, volumes,
resource requests, the values of Secrets, the schemas of CustomResourceDefinitions). It decides nothing.
"""

from __future__ import annotations

import re
from typing import Any

from meshlint.resources.kinds import ISTIO_GROUPS, POD_TEMPLATES, qualified

_CONTAINER_FIELDS = ("name", "image", "ports", "env", "envFrom", "command", "args", "securityContext", "restartPolicy")
_POD_FIELDS = (
    "serviceAccountName",
    "serviceAccount",
    "hostNetwork",
    "shareProcessNamespace",
    "securityContext",
    "automountServiceAccountToken",
    "dnsPolicy",
    "hostAliases",
)
_JOBS = "/spec/jobTemplate"
_IDENTITY_AND_STATUS = frozenset(("apiVersion", "kind", "metadata", "status"))
_HEADERS_ONLY = frozenset(("apiextensions.k8s.io/CustomResourceDefinition",))
_LARGE_TEXT = 4096  # characters of a ConfigMap value that are kept as they are
_HOST_TOKEN = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>]{1,300}|[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}:\d{1,5}"
)
_CLUSTER_HOST = re.compile(r"[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.svc(?:\.[a-z0-9.-]{1,100})?(?::\d{1,5})?")


def mapping(value: Any) -> dict[str, Any]:
    """Return the value when it is a mapping, else an empty one: manifests hold nulls and wrong types anywhere."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """Return the value when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return the value when it is a string, else the empty string."""
    return value if isinstance(value, str) else ""


def strings(value: Any) -> dict[str, str]:
    """Return a mapping of strings as labels and annotations are; booleans and numbers in the way YAML wrote them."""
    if not isinstance(value, dict):
        return {}
    kept = {}
    for key, item in value.items():
        if isinstance(item, str):
            kept[key] = item
        elif isinstance(item, bool):
            kept[key] = "true" if item else "false"
        elif isinstance(item, int | float):
            kept[key] = str(item)
    return kept


def digest(group: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of an object; `value` is not changed and may be shared with the result."""
    name = qualified(group, kind)
    metadata = mapping(value.get("metadata"))
    kept: dict[str, Any] = {}
    if owners := metadata.get("ownerReferences"):
        kept["ownerReferences"] = owners
    if name in _HEADERS_ONLY:
        return kept
    if group == "" and kind in ("ConfigMap", "Secret"):
        return kept | _config_data(kind, value, text(metadata.get("name")))
    template = pod_template_pointer(group, kind, value)
    if template is not None:
        return kept | _workload(value, template)
    return kept | {key: item for key, item in value.items() if key not in _IDENTITY_AND_STATUS}


def pod_template_pointer(group: str, kind: str, value: dict[str, Any]) -> str | None:
    """Return where the pod template stands, None for kinds that make no pods.

    Kinds of operators count when they carry a real pod template: `spec.template.spec.containers` as a list.
    """
    known = POD_TEMPLATES.get(qualified(group, kind))
    if known is not None:
        return known
    if group in ISTIO_GROUPS:
        return None
    template = mapping(mapping(value.get("spec")).get("template"))
    if isinstance(mapping(template.get("spec")).get("containers"), list):
        return "/spec/template"
    return None


def at(value: Any, pointer: str) -> Any:
    """Return what stands at a simple pointer (no escapes), None when nothing does."""
    for key in pointer.split("/")[1:]:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _workload(value: dict[str, Any], pointer: str) -> dict[str, Any]:
    spec = mapping(value.get("spec"))
    template = mapping(at(value, pointer)) if pointer else value
    pod = mapping(template.get("spec"))
    kept_pod = {key: pod[key] for key in _POD_FIELDS if pod.get(key) is not None}
    for field in ("containers", "initContainers"):
        kept_pod[field] = [_container(item) for item in sequence(pod.get(field))]
    if volumes := _volumes(pod.get("volumes")):
        kept_pod["volumes"] = volumes
    meta = mapping(template.get("metadata"))
    jobs = mapping(at(value, f"{_JOBS}/metadata/annotations")) if pointer.startswith(_JOBS) else {}
    return ({"job": {"annotations": jobs}} if jobs else {}) | {
        "replicas": spec.get("replicas"),
        "selector": spec.get("selector"),
        "strategy": spec.get("strategy") if isinstance(mapping(spec.get("strategy")).get("canary"), dict) else None,
        "workloadRef": spec.get("workloadRef"),
        "template": {"labels": meta.get("labels"), "annotations": meta.get("annotations"), "spec": kept_pod},
    }


def _container(item: Any) -> dict[str, Any]:
    container = mapping(item)
    return {key: container[key] for key in _CONTAINER_FIELDS if container.get(key) is not None}


def _volumes(value: Any) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for volume in sequence(value):
        source: dict[str, Any] = {key: volume[key] for key in ("configMap", "secret") if key in mapping(volume)}
        if source:
            kept.append(source)
    return kept


def _config_data(kind: str, value: dict[str, Any], name: str) -> dict[str, Any]:
    data = mapping(value.get("data"))
    if kind == "Secret":
        return {"type": value.get("type"), "keys": sorted([*data, *mapping(value.get("stringData"))])}
    is_mesh = name == "istio" or name.startswith("istio-")
    return {"data": {key: item if is_mesh else _shortened(item) for key, item in data.items() if isinstance(item, str)}}


def _shortened(value: str) -> str:
    if len(value) <= _LARGE_TEXT:
        return value
    found = [match[0] for match in _HOST_TOKEN.finditer(value[:1_000_000])]
    found += [match[0] for match in _CLUSTER_HOST.finditer(value[:1_000_000])]
    return "\n".join(dict.fromkeys(found))[:65536]
