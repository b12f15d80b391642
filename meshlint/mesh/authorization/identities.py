"""The callers that AuthorizationPolicies name, and whether such callers can occur.

In: the inventory, what exists elsewhere. Out: `CallerAnswer` for a namespace, a principal, a service account, a trust
domain. Sources: `StringMatch` of Istio's authorization model (exact, `prefix*`, `*suffix`, `*`); principals are SPIFFE
ids without `spiffe://`: trust-domain/ns/namespace/sa/account. `cluster.local` always means the local trust domain.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from meshlint.mesh.existence import Existence
from meshlint.mesh.inventory.inventory import SYSTEM_NAMESPACES
from meshlint.mesh.model import Inventory
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, sequence, text

_LOCAL = "cluster.local"
_PRINCIPAL = re.compile(r"(?P<domain>[^*]+)/ns/(?P<namespace>[^/*]+)/sa/(?P<account>[^/*]+)\Z")
_NAMESPACE_IN_PATTERN = re.compile(r"/ns/(?P<namespace>[^/*]+)/")
_ACCOUNT = "ServiceAccount"
_NETWORK = "topology.istio.io/network"
_REMOTE = "istio/multiCluster"
_GROUP = "networking.istio.io/WorkloadGroup"
_OF_INSTALLERS = frozenset(
    (
        "argocd", "cert-manager", "flux-system", "gatekeeper-system", "ingress-nginx", "istio-egress", "istio-gateway",
        "istio-gateways", "istio-ingress", "knative-serving", "logging", "monitoring", "observability", "prometheus",
        "tracing",
    )
)  # fmt: skip
"""Namespaces that installers usually make by themselves, so that a list of the others says nothing of them."""


class CallerAnswer(NamedTuple):
    """Say whether a caller can occur; `occurs` is None where the manifests cannot tell, for the reason in `missing`."""

    occurs: bool | None
    because: str = ""
    missing: str = ""


_OCCURS = CallerAnswer(True)


class _Names:
    """Tell whether some name falls under a pattern, without a walk through all of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.all = frozenset(names)
        self._forwards = sorted(self.all)
        self._backwards = sorted(name[::-1] for name in self.all)

    def fit(self, pattern: str) -> bool:
        """Tell whether a pattern of an AuthorizationPolicy takes one of the names."""
        if pattern == "*":
            return bool(self.all)
        if pattern.endswith("*"):
            return _begins(self._forwards, pattern[:-1])
        if pattern.startswith("*"):
            return _begins(self._backwards, pattern[:0:-1])
        return pattern in self.all


def _begins(ordered: Sequence[str], prefix: str) -> bool:
    position = bisect_left(ordered, prefix)
    return position < len(ordered) and ordered[position].startswith(prefix)


class Identities:
    """Answer who may call."""

    def __init__(self, inventory: Inventory, existence: Existence) -> None:
        config = inventory.mesh_config
        self._existence = existence
        self._config_known = config.content is not None
        aliases = sequence((config.content or {}).get("trustDomainAliases"))
        domains = {_LOCAL, config.trust_domain, *(alias for alias in aliases if isinstance(alias, str))}
        self._domains = _Names(domains)
        self._namespaces = _Names({*inventory.namespaces, *SYSTEM_NAMESPACES, "default", config.root_namespace})
        # One Namespace manifest says nothing of the others: only a set that keeps several is a list of them.
        stated = sum(namespace.resource is not None for namespace in inventory.namespaces.values())
        self._elsewhere = "" if existence.is_complete else _other_clusters(inventory)
        self._lists_namespaces = existence.is_complete or (stated > 1 and not self._elsewhere)
        self._accounts = set(_accounts(inventory))
        self._shown = {namespace for namespace, _ in self._accounts}
        """Namespaces of whose accounts the set shows some; a Namespace alone says nothing of who runs in it."""
        self._accounts |= {(namespace, "default") for namespace in self._namespaces.all}
        self._principals = _Names(
            f"{d}/ns/{namespace}/sa/{name}" for d in domains for namespace, name in self._accounts
        )

    def namespace(self, pattern: str) -> CallerAnswer:
        """Judge a value of `namespaces`."""
        if self._namespaces.fit(pattern):
            return _OCCURS
        if self._existence.is_external_object("Namespace", "", pattern):
            return _OCCURS
        if not self._lists_namespaces or (pattern in _OF_INSTALLERS and not self._existence.is_complete):
            return CallerAnswer(
                None, missing=f"namespaces like {pattern}" if "*" in pattern else f"namespace {pattern}"
            )
        return CallerAnswer(False, "no namespace fits it" if "*" in pattern else "there is no such namespace")

    def domain(self, pattern: str) -> CallerAnswer:
        """Judge a trust domain."""
        if self._domains.fit(pattern):
            return _OCCURS
        if not self._config_known:
            return CallerAnswer(None, missing="meshConfig.trustDomain")
        return CallerAnswer(False, f"trust domain {pattern} is neither that of the mesh nor an alias of it")

    def account(self, written: str, home: str) -> CallerAnswer:
        """Judge a value of `serviceAccounts`: `account` of the policy's namespace, or `namespace/account`."""
        namespace, slash, name = written.partition("/")
        return self._account(namespace if slash else home, name if slash else namespace)

    def principal(self, pattern: str) -> CallerAnswer:
        """Judge a value of `principals`."""
        if pattern.startswith("spiffe://"):
            return CallerAnswer(False, "principals are written without spiffe://")
        if "*" in pattern and (pattern.startswith("*") or pattern.endswith("*")):
            return self._pattern(pattern)
        match = _PRINCIPAL.match(pattern)
        if match is None:
            return CallerAnswer(False, "a principal reads trust-domain/ns/namespace/sa/account")
        domain = self.domain(match["domain"])
        if not domain.occurs:
            return domain
        return self._account(match["namespace"], match["account"])

    def _account(self, namespace: str, name: str) -> CallerAnswer:
        if (namespace, name) in self._accounts:
            return _OCCURS
        if namespace not in self._namespaces.all:
            answer = self.namespace(namespace)
            if answer.occurs is False:
                return CallerAnswer(False, f"there is no namespace {namespace}")
        if not namespace:
            return CallerAnswer(None, missing=f"namespace of {_ACCOUNT} {name}")
        absence = self._existence.absence(_ACCOUNT, namespace, name, made=True)
        if absence.missing is None:
            return CallerAnswer(None, missing=absence.reason)
        if not absence.missing:
            return _OCCURS
        if not self._existence.is_complete and namespace not in self._shown:
            return CallerAnswer(None, missing=f"workloads of namespace {namespace}")
        if self._elsewhere:
            return CallerAnswer(None, missing=self._elsewhere)
        because = f"no pod of namespace {namespace} runs as {name}, and no manifest declares that service account"
        return CallerAnswer(False, because)

    def _pattern(self, pattern: str) -> CallerAnswer:
        if self._principals.fit(pattern):
            return _OCCURS
        if match := _NAMESPACE_IN_PATTERN.search(pattern):
            answer = self.namespace(match["namespace"])
            if answer.occurs is False:
                return CallerAnswer(False, f"there is no namespace {match['namespace']}")
        if not self._existence.is_complete:
            return CallerAnswer(None, missing=f"service accounts like {pattern}")
        return CallerAnswer(False, "no service account of the mesh fits it")


def _accounts(inventory: Inventory) -> Iterator[tuple[str, str]]:
    """Yield the service accounts that pods run as or manifests declare."""
    for workload in inventory.workloads:
        yield workload.namespace, workload.service_account
    for resource in inventory.of_kind("/ServiceAccount"):
        yield resource.namespace, resource.name
    for group in inventory.of_kind(_GROUP):
        template = mapping(mapping(group.content().get("spec")).get("template"))
        yield group.namespace, text(template.get("serviceAccount"))
    for resource in inventory.of_kind("networking.istio.io/ServiceEntry"):
        for endpoint in sequence(mapping(resource.content().get("spec")).get("endpoints")):
            yield resource.namespace, text(mapping(endpoint).get("serviceAccount"))


def _other_clusters(inventory: Inventory) -> str:
    """Name the other clusters of the mesh where something tells of them: remote secrets, a second network."""
    networks = {network for resource in inventory.resources if (network := resource.labels.get(_NETWORK))}
    remote = any(resource.labels.get(_REMOTE) == "true" for resource in inventory.resources)
    return "the other clusters of the mesh" if remote or len(networks) > 1 else ""


def values_of(values: dict[str, tuple[str, ...]], fields: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Yield field, position and value of some fields of a source."""
    for field in fields:
        for position, value in enumerate(values.get(field, ())):
            yield field, position, value
