"""Labels and annotations that look like a switch of the mesh and are none.

In: a resource. Out: `WrongKey` with the nearest real one. Precision comes first: the key must speak of Istio and of
injection or the data plane, and be in no registry. Keys of other meshes speak of themselves and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from meshlint.mesh.inventory.inventory import template_of
from meshlint.mesh.membership.istio_names import NAMES
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, strings
from meshlint.resources.resource import Resource

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_SWITCHES = frozenset(("inject", "injection", "injected", "dataplane", "ambient"))
_FAMILIES = frozenset(("sidecar", "mesh", "inject", "injection", "ambient", "dataplane"))
_VERBS = frozenset(("enable", "enabled", "enrolled", "mode", "on"))
_AMBIENT = frozenset(("ambient", "dataplane"))


class WrongKey(NamedTuple):
    """Name a key, what it is, where it stands, and what was probably meant."""

    key: str
    where: str  # label or annotation
    suggestion: str
    field: str  # pointer of the key
    value: str
    scope: str  # namespace, workload or pod


def wrong_keys_of(resource: Resource) -> tuple[WrongKey, ...]:
    """Return the wrong keys of a Namespace, of a maker of pods, or of its pod template."""
    is_namespace = resource.kind == "Namespace" and resource.group == ""
    template = None if is_namespace else template_of(resource)
    if not is_namespace and template is None:
        return ()
    scope = "namespace" if is_namespace else "workload"
    found = [
        *_wrong(resource.labels, "label", scope, "/metadata/labels"),
        *_wrong(resource.annotations, "annotation", scope, "/metadata/annotations"),
    ]
    if template and b"istio" in resource.body:
        kept = mapping(resource.content().get("template"))
        base = f"{template}/metadata"
        found += _wrong(strings(kept.get("labels")), "label", "pod", f"{base}/labels")
        found += _wrong(strings(kept.get("annotations")), "annotation", "pod", f"{base}/annotations")
    return tuple(found)


def _wrong(values: Mapping[str, str], where: str, scope: str, base: str) -> Iterator[WrongKey]:
    for key, value in values.items():
        if "istio" in key.lower() and is_wrong(key, scope):
            escaped = key.replace("~", "~0").replace("/", "~1")
            yield WrongKey(key, where, _suggestion(key, scope), f"{base}/{escaped}#", value, scope)


def is_wrong(key: str, scope: str) -> bool:
    """Tell whether a key looks like a switch of Istio's data plane and Istio does not read it there.

    `scope` is namespace, workload or pod. The namespace label `istio-injection` is read nowhere else.
    """
    if key == "istio-injection":
        return scope != "namespace"
    if key in NAMES:
        return False
    domain, _, name = key.rpartition("/")
    if domain:
        if not (domain == "istio.io" or domain.endswith(".istio.io") or domain in ("istio", "io.istio")):
            return False
    elif not name.lower().startswith("istio"):
        return False
    words = _words(name)
    families = {word.lower() for word in _WORDS.findall(domain)}
    return bool(words & _SWITCHES) or bool(words & _VERBS and families & _FAMILIES)


def _words(text: str) -> set[str]:
    """Split a key into lower-case words; `data-plane` counts as the one word that Istio writes."""
    return {word.lower() for word in _WORDS.findall(text.lower().replace("data-plane", "dataplane"))} | {
        word.lower() for word in _WORDS.findall(text)
    }


def _suggestion(key: str, scope: str) -> str:
    if _words(key) & _AMBIENT:
        return "the label istio.io/dataplane-mode" + (" on the pod template" if scope != "namespace" else "")
    if scope == "namespace":
        return "the label istio-injection, or istio.io/rev"
    return "the label sidecar.istio.io/inject on the pod template"
