"""Entries of `portLevelMtls`, and whether they reach a port.

In: the inventory, who stands behind which service, a PeerAuthentication. Out: `PortEntry` for each entry. Sources:
`ValidatePeerAuthentication` (a map needs a selector and an entry); the keys are ports of the workload, not of the
Service. An undeclared container port obeys too, so a key that nobody mentions is open.
"""

from __future__ import annotations

from meshlint.mesh.model import Inventory, Workload
from meshlint.mesh.mtls.modes import workload_ports
from meshlint.mesh.mtls.peer_authentication import PeerPolicy
from meshlint.mesh.selection import LabelIndex, Selection
from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping

_MAP = "/spec/portLevelMtls"


class PortEntry(NamedTuple):
    """Say whether an entry acts; `acts` is None where the manifests cannot tell, for the reason in `missing`."""

    text: str
    acts: bool | None
    because: str
    pointer: str
    missing: str = ""
    target: int = 0  # the port of the workload behind the port of the Service that it names


class PeerPorts:
    """Answer whether the entries of PeerAuthentications act."""

    def __init__(self, inventory: Inventory, selection: Selection) -> None:
        self._inventory = inventory
        self._selection = selection
        self._indexes: dict[str, LabelIndex] = {}

    def entries(self, policy: PeerPolicy) -> list[PortEntry]:
        """Return the entries of a policy that is not ignored as a whole."""
        stated = mapping(policy.resource.content().get("spec")).get("portLevelMtls")
        if policy.scope == "ignored" or not isinstance(stated, dict):
            return []
        if not stated:
            return [PortEntry("portLevelMtls", False, "it holds no entry", _MAP)]
        if not policy.selector:
            because = f"{policy.text} has no selector, and admission refuses that"
            return [PortEntry("portLevelMtls", False, because, f"{_MAP}#")]
        workloads = self._selected(policy)
        return [self._entry(number, policy, workloads) for number in policy.port_keys]

    def _selected(self, policy: PeerPolicy) -> list[Workload]:
        namespace = policy.resource.namespace
        if namespace not in self._indexes:
            self._indexes[namespace] = LabelIndex(self._inventory.workloads_in.get(namespace, ()))
        return self._indexes[namespace].matching(policy.selector)

    def _entry(self, number: int, policy: PeerPolicy, workloads: list[Workload]) -> PortEntry:
        key = policy.port_keys[number]
        text, pointer = f"portLevelMtls {key}", f"{_MAP}/{key}#"
        if not workloads:
            return PortEntry(text, None, "", pointer, f"workloads that {policy.text} selects")
        because, target = "", 0
        for workload in workloads:
            if number in workload_ports(workload, self._inventory, self._selection):
                return PortEntry(text, True, "", pointer)
            because, target = (because, target) if because else self._service_port(number, workload)
        if because:
            return PortEntry(text, False, because, pointer, target=target)
        return PortEntry(text, None, "", pointer, f"use of port {number} by {workloads[0].text}")

    def _service_port(self, number: int, workload: Workload) -> tuple[str, int]:
        """Tell which Service has the number as its own port, in front of another port of the workload."""
        for service_id in self._selection.services_of.get(workload.id, ()):
            service = self._inventory.services[service_id]
            for port in service.ports:
                if port.number != number:
                    continue
                for endpoint in self._selection.endpoints[port.id]:
                    if endpoint.workload.id == workload.id and endpoint.port not in (None, number):
                        listens = f"{workload.text} listens on {endpoint.port}"
                        return f"it is the port of {service.text}, and {listens}", endpoint.port or 0
        return "", 0
