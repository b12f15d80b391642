"""Host names as Istio compares them.

In: a host as a policy writes it, the namespace it was written in, the inventory. Out: services, matches, order.
Sources: `ResolveShortnameToFQDN` (only names without any dot are expanded), `host.Name.Matches` and `MoreSpecific`.
"""

from __future__ import annotations

from meshlint.mesh.model import Inventory, Service


def full_name(host: str, namespace: str, domain: str = "cluster.local") -> str:
    """Expand a name without dots to that of a Service of the namespace; everything else is literal."""
    host = host.strip().rstrip(".").lower()
    if host and "." not in host and ":" not in host and not host.startswith("*"):
        return f"{host}.{namespace}.svc.{domain}"
    return host


def resolve_host(inventory: Inventory, host: str, namespace: str) -> tuple[Service, ...]:
    """Return the services that a policy's host names, wildcards of ServiceEntries included."""
    name = full_name(host, namespace, inventory.mesh_config.domain)
    exact = inventory.service_at.get(name)
    if exact:
        return exact
    rest = name
    while "." in rest:
        rest = rest.partition(".")[2]
        covering = inventory.service_at.get(f"*.{rest}")
        if covering:
            return covering
    return ()


def resolve_called_host(inventory: Inventory, host: str, namespace: str) -> tuple[Service, ...]:
    """Return the services that an application reaches by a name, following the search list of its resolver.

    A program may also write `name.namespace` and `name.namespace.svc`; policies may not.
    """
    found = resolve_host(inventory, host, namespace)
    if found:
        return found
    parts = host.strip().rstrip(".").lower().split(".")
    domain = inventory.mesh_config.domain
    if len(parts) == 2:
        return inventory.service_at.get(f"{parts[0]}.{parts[1]}.svc.{domain}", ())
    if len(parts) == 3 and parts[2] == "svc":
        return inventory.service_at.get(f"{host.lower()}.{domain}", ())
    return ()


def namespace_named(inventory: Inventory, host: str) -> str:
    """Return the namespace that a host names although no Service of the set bears it; empty for hosts of elsewhere.

    `name.namespace` may as well be a domain, and counts where the set knows of such a namespace.
    """
    parts = host.rstrip(".").lower().split(".", 3)
    if len(parts) > 2 and parts[2] == "svc" and parts[3:] in ([], [inventory.mesh_config.domain]):
        return parts[1]
    return parts[1] if len(parts) == 2 and parts[1] in inventory.namespaces else ""


def meets(pattern: str, host: str) -> bool:
    """Tell whether some name falls under both; each may be a wildcard (`host.Name.Matches`)."""
    if pattern.startswith("*") and host.startswith("*"):
        return pattern.endswith(host[1:]) or host.endswith(pattern[1:])
    return matches(pattern, host) or matches(host, pattern)


def matches(pattern: str, host: str) -> bool:
    """Tell whether a full host falls under a pattern: equal, `*`, or `*suffix`."""
    if pattern.startswith("*"):
        return host.endswith(pattern[1:])
    return pattern == host
