"""What a DestinationRule tells one client about TLS to one port, with the corners of inheritance.

In: the rules in force, a port, a subset. Out: `Policy`. Sources: `GetPortLevelTrafficPolicy` and
`MergeSubsetTrafficPolicy` for the cluster (an entry of `portLevelSettings` replaces everything, also with silence),
`tlsModeForDestinationRule` for what is said of endpoints (there an entry without `tls` inherits).
"""

from __future__ import annotations

from typing import Any

from meshlint.mesh.destinations.destination_rules import DestinationRule, Governing, Subset, port_entry
from meshlint.mesh.model import Place
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping, text

FACT = "tls"
_MESH_CERTIFICATES = (
    "/etc/certs/",
    "/etc/istio-certs/",
    "/var/run/secrets/istio/",
    "/var/run/secrets/workload-spiffe-credentials/",
    "/var/lib/istio/",
)
"""Where proxies keep the certificates that the mesh issues them."""


class Tls(NamedTuple):
    """Hold one `tls` block: its mode, and where it stands."""

    mode: str
    block: dict[str, Any]
    place: Place

    @property
    def uses_mesh_certificate(self) -> bool:
        """Tell whether the client certificate is one that the mesh issued."""
        return text(self.block.get("clientCertificate")).startswith(_MESH_CERTIFICATES)

    @property
    def names_secret(self) -> bool:
        """Tell whether the certificates come from a Secret, which sidecars may not read for a rule of everybody."""
        name = text(self.block.get("credentialName"))
        return bool(name) and not name.startswith(("configmap://", "invalid://"))


class Policy(NamedTuple):
    """Hold what is in force for a port: the cluster's TLS, the endpoints' TLS, the balancing."""

    rule: DestinationRule | None = None
    tls: Tls | None = None
    endpoint_tls: Tls | None = None
    passthrough: Place | None = None  # where the load balancer is told to pass connections through
    missing: str = ""


def policy_of(governing: Governing | None, port: int, subset: str) -> Policy:
    """Return what governs a port, or a subset of it."""
    if governing is None:
        return Policy(missing=f"definition of subset {subset}" if subset else "")
    rule = governing.policy_rule
    top = _block(rule, rule.policy, "/spec/trafficPolicy", port, cluster=True)
    marks = _block(rule, rule.policy, "/spec/trafficPolicy", port, cluster=False)
    balancing = _passthrough(rule, rule.policy, "/spec/trafficPolicy", port)
    if not subset:
        return Policy(rule, top, marks, balancing)
    found = next(((owner, item) for owner, item in governing.subsets if item.name == subset), None)
    if found is None:
        return Policy(rule, missing=f"definition of subset {subset}")
    return _of_subset(found, Policy(rule, top, marks, balancing), port)


def _of_subset(found: tuple[DestinationRule, Subset], top: Policy, port: int) -> Policy:
    rule, subset = found
    pointer = f"{subset.pointer}/trafficPolicy"
    own = _block(rule, subset.policy, pointer, port, cluster=True)
    marks = _block(rule, subset.policy, pointer, port, cluster=False)
    has_entry = port_entry(subset.policy, port) is not None
    balances = mapping(_in_force(subset.policy, port, pointer)[0].get("loadBalancer"))
    balancing = _passthrough(rule, subset.policy, pointer, port) if balances or has_entry else top.passthrough
    return Policy(rule, own if own or has_entry else top.tls, marks or top.endpoint_tls, balancing)


def _in_force(policy: dict[str, Any] | None, port: int, pointer: str) -> tuple[dict[str, Any], str]:
    entry = port_entry(policy, port)
    if entry is not None:
        return entry[1], f"{pointer}/portLevelSettings/{entry[0]}"
    return mapping(policy), pointer


def _block(
    rule: DestinationRule, policy: dict[str, Any] | None, pointer: str, port: int, *, cluster: bool
) -> Tls | None:
    """Return the `tls` block for a port; what is said of endpoints falls back to the whole policy."""
    inner, where = _in_force(policy, port, pointer)
    found = _tls(rule, inner, where)
    return found if cluster or found else _tls(rule, mapping(policy), pointer)


def _tls(rule: DestinationRule, policy: dict[str, Any], pointer: str) -> Tls | None:
    block = policy.get("tls")
    if not isinstance(block, dict):
        return None
    mode = text(block.get("mode"))
    where = f"{pointer}/tls/mode" if mode else f"{pointer}/tls"
    return Tls(mode or "DISABLE", block, Place(rule.resource, where, FACT))  # the first value of the enum


def _passthrough(rule: DestinationRule, policy: dict[str, Any] | None, pointer: str, port: int) -> Place | None:
    inner, where = _in_force(policy, port, pointer)
    if text(mapping(inner.get("loadBalancer")).get("simple")) != "PASSTHROUGH":
        return None
    return Place(rule.resource, f"{where}/loadBalancer/simple", "load-balancer")
