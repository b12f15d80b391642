"""Fields of protobuf kinds that stand twice in one mapping, once in each spelling.

In: the plain values of an Istio object or an Envoy configuration. Out: pointers to the later of both keys. Protobuf's
JSON mapping reads either spelling and refuses both together; so do Envoy and istioctl. An API server knows the one of
the CRD only and prunes the other, so that of an Istio object one of the two values is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_FREE_MAPS = """
    labels matchLabels match_labels annotations metadata filter_metadata filterMetadata pluginConfig values
    set add headers withoutHeaders queryParams portLevelMtls
"""
_FREE = frozenset(_FREE_MAPS.split())
"""Maps whose keys the author chooses."""

_JOINT = re.compile("_([a-z0-9])")


def twins(value: dict[str, Any], prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield pointer, snake_case key and camelCase key of every field that is there in both spellings."""
    todo: list[tuple[str, Any]] = [(prefix, value)]
    while todo:
        pointer, item = todo.pop()
        if isinstance(item, dict):
            keys = list(item)
            for key in keys:
                if "_" in key and (camel := _JOINT.sub(lambda match: match[1].upper(), key)) != key and camel in item:
                    later = max(key, camel, key=keys.index)
                    yield f"{pointer}/{later.replace('~', '~0').replace('/', '~1')}#", key, camel
                inner = item[key]
                if isinstance(inner, dict | list) and (key not in _FREE or isinstance(inner, list)):
                    todo.append((f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", inner))
        elif isinstance(item, list):
            todo += [(f"{pointer}/{n}", inner) for n, inner in enumerate(item) if isinstance(inner, dict | list)]
