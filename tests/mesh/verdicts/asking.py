"""Ask for verdicts in tests: by name, and as fixtures write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Service
from meshlint.mesh.verdicts.verdict import MIXED, Verdict
from meshlint.mesh.verdicts.verdicts import Verdicts
from tests.mesh.build import mesh

_LINE = re.compile(
    r"# verdict: (?:(?P<kind>workload|gateway|ingress|mesh) )?(?P<client>\S+) -> (?P<service>[^\s:@]+)"
    r"(?::(?P<port>\d+))?(?:@(?P<subset>\S+))? (?P<mtls>[a-z]+)(?: (?P<step>[a-z-]+))?$"
)


class Expected(NamedTuple):
    """Hold one line `# verdict: web/client -> server/api:80 broken headless`."""

    line: str
    source: str  # kind and name of the client
    service: str
    port: int | None
    subset: str
    mtls: str
    step: str


def expected(text: str) -> list[Expected]:
    """Return the verdicts that a fixture promises."""
    found = []
    for line in text.splitlines():
        if line.startswith("# verdict:"):
            match = _LINE.match(line)
            assert match is not None, line
            kind = match["kind"] or "workload"
            port = int(match["port"]) if match["port"] else None
            source, subset, step = f"{kind} {match['client']}", match["subset"] or "", match["step"] or ""
            found.append(Expected(line, source, match["service"], port, subset, match["mtls"], step))
    return found


def ask(found: Mesh, source: str, service: str, port: int | None = None, subset: str = "") -> Verdict:
    """Return the verdict of a call: `workload web/client` (or gateway, ingress, mesh) to `namespace/name`."""
    kind, _, name = source.partition(" ")
    target = _service(found, service)
    verdicts = Verdicts(found)
    if kind == "workload":
        namespace, _, own = name.partition("/")
        workload = next(w for w in found.inventory.workloads if (w.namespace, w.name) == (namespace, own))
        clients = (verdicts.clients.of_workload(workload),)
    else:
        clients = verdicts.clients.of_node(f"{kind}:{name}", target.namespace)
    answers = [verdicts.between(client, target, port, subset) for client in clients]
    assert len({answer.mtls for answer in answers}) == 1
    return answers[0]


def verdict(text: str, source: str = "web/client", service: str = "server/api", port: int | None = None) -> Verdict:
    """Return the verdict of one call in a text."""
    return ask(mesh(text), source if " " in source else f"workload {source}", service, port)


def steps(answer: Verdict) -> set[str]:
    """Return the steps of a verdict, those of its parts where they differ."""
    return {part.step for part in answer.parts} if answer.mtls == MIXED else {answer.step}


def _service(found: Mesh, service: str) -> Service:
    namespace, _, name = service.partition("/")
    return next(s for s in found.inventory.services if (s.namespace, s.name) == (namespace, name))
