"""One object of the manifests, without its text.

In: a record taken from a parsed document. Out: `Resource`, small enough to keep a hundred thousand of them: the
identity as attributes, the rest as marshalled bytes that are decoded when somebody asks. It knows neither the mesh
nor a rule, and holds no positions: those come from parsing the one document again (`syntax.locate`).
"""

from __future__ import annotations

import marshal
from typing import Any

Record = tuple[int, str, int, str, str, str, str, dict[str, str], dict[str, str], bytes, str]
"""What a file's facts keep of an object: document, prefix, line, apiVersion, kind, namespace, name, labels,
annotations, body, digest. Plain values only: records cross process borders and lie in the cache."""


_decoded: list[Any] = [None, None]  # the body decoded last, and its value: objects are looked at one by one


class Resource:
    """Name one object and where it stands; `content()` gives its (trimmed) fields back as plain values."""

    __slots__ = (
        "annotations",
        "api_version",
        "body",
        "digest",
        "document",
        "file",
        "group",
        "index",
        "kind",
        "labels",
        "line",
        "name",
        "namespace",
        "path",
        "placed_later",
        "prefix",
        "version",
    )  # fmt: skip

    def __init__(self, index: int, file: int, path: str, record: Record, namespace: str | None = None) -> None:
        self.index = index
        self.file = file  # index into the run's sources
        self.placed_later = False  # whoever installs or renders it says which namespace it goes to
        self.path = path  # what is shown: root-relative, or what a "# Source:" comment says
        (
            self.document, self.prefix, self.line, self.api_version, self.kind,
            stated, self.name, self.labels, self.annotations, self.body, self.digest,
        ) = record  # fmt: skip
        self.namespace = stated if namespace is None else namespace  # "" = unstated, or cluster-scoped
        group, _, version = self.api_version.rpartition("/")
        self.group = group
        self.version = version

    def content(self) -> dict[str, Any]:
        """Decode the object; readers that ask one after the other share the values, which nobody changes."""
        if _decoded[0] is not self.body:
            _decoded[:] = self.body, marshal.loads(self.body)
        value: dict[str, Any] = _decoded[1]
        return value

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Return group, kind, namespace and name; API versions of one object are the same object."""
        return self.group, self.kind, self.namespace, self.name

    @property
    def text(self) -> str:
        """Return how messages name the object: `Kind namespace/name`, or `Kind name` without a namespace."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    def __repr__(self) -> str:
        return f"<{self.text} {self.path}:{self.line}>"
