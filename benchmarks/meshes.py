"""Write meshes whose services call each other in tiers, for the drawing of graphs: the same bytes for the same numbers.

In: a folder, a number of services. Out: files. Namespaces are domains with a front, some middle and some stores; calls
go mostly down, mostly inside the domain, else to a domain nearer to the ground, now and then up. A few servers have no
proxy, a few clients speak plain text.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

_DOMAINS = (
    "accounts", "billing", "catalog", "checkout", "delivery", "fraud", "identity", "inventory", "ledger", "loyalty",
    "media", "notices", "orders", "payments", "pricing", "profiles", "reports", "reviews", "search", "support",
)  # fmt: skip
_ROLES = (("web", 0), ("api", 0), ("core", 1), ("rules", 1), ("sync", 1), ("worker", 1), ("cache", 2), ("store", 2))
_LEVELS = 4
_MESH = """apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
"""
_NAMESPACE = """apiVersion: v1
kind: Namespace
metadata: {{name: {ns}, labels: {{istio-injection: {injection}}}}}
"""
_SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {ns}}}
spec:
  selector: {{app: {name}}}
  ports: [{{name: http, port: 80, targetPort: 8080}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {ns}, labels: {{app: {name}}}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
      - name: {name}
        image: registry.example/{ns}/{name}:1.{replicas}
        ports: [{{containerPort: 8080}}]
        env:
        - {{name: LOG_LEVEL, value: info}}
"""
_CALL = "        - {{name: UPSTREAM_{number}_URL, value: 'http://{name}.{ns}.svc.cluster.local'}}\n"
_PLAIN_CLIENT = """---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {ns}}}
spec:
  host: {name}.{ns}.svc.cluster.local
  trafficPolicy: {{tls: {{mode: DISABLE}}}}
"""


def tiered(folder: str, services: int) -> int:
    """Write a mesh of so many services, one file each; return the bytes written."""
    os.makedirs(folder, exist_ok=True)
    written = 0
    for name, text in _files(services):
        with open(os.path.join(folder, f"{name}.yaml"), "w", encoding="utf-8") as file:
            written += file.write(text)
    return written


def _files(services: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(20261124)
    size = max(8, services // 40)
    domains = [_domain(number) for number in range(-(-services // size))]
    all_services = [(ns, f"{ns}-{_role(n)}", _ROLES[n % len(_ROLES)][1]) for ns in domains for n in range(size)]
    all_services = all_services[:services]
    yield "mesh", _MESH
    for ns in domains:
        yield ns, _NAMESPACE.format(ns=ns, injection="disabled" if chance.random() < 0.08 else "enabled")
    for ns, name, tier in all_services:
        text = _SERVICE.format(ns=ns, name=name, replicas=chance.randint(1, 4))
        for number, (other, called) in enumerate(_called(ns, name, tier, all_services, domains, chance)):
            text += _CALL.format(number=number, ns=other, name=called)
        if chance.random() < 0.05:
            text += _PLAIN_CLIENT.format(ns=ns, name=name)
        yield name, text


def _role(number: int) -> str:
    turn, which = divmod(number, len(_ROLES))
    return _ROLES[which][0] + (f"-{turn + 1}" if turn else "")


def _domain(number: int) -> str:
    turn, which = divmod(number, len(_DOMAINS))
    return _DOMAINS[which] + (f"-{turn + 1}" if turn else "")


def _called(
    ns: str, name: str, tier: int, services: list[tuple[str, str, int]], domains: list[str], chance: random.Random
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Yield whom a service calls: lower tiers of its own domain, fronts of deeper domains, seldom others."""
    own = [row for row in services if row[0] == ns and row[2] > tier]
    for other, called, _ in chance.sample(own, min(len(own), 2)):
        yield other, called
    here = domains.index(ns)
    level = here * _LEVELS // len(domains)
    deeper = {ns for at, ns in enumerate(domains) if at * _LEVELS // len(domains) == level + 1}
    fronts = [row for row in services if row[0] in deeper and row[2] == 0]
    if fronts and tier < 2 and chance.random() < 0.3:
        yield chance.choice(fronts)[:2]
    if chance.random() < 0.04:
        other, called, _ = chance.choice(services)
        if called != name:
            yield other, called
