"""Everything that is resolved about one workload.

In: the mesh and the workload. Out: `WorkloadAnswer`.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.authorization.attachment import Attachments, read_attachment
from meshlint.mesh.authorization.token_demands import KIND as REQUEST_AUTHENTICATION
from meshlint.mesh.exceptions import exemption_of
from meshlint.mesh.inspections.access import Accesses
from meshlint.mesh.inspections.answers import WorkloadAnswer, WorkloadPort
from meshlint.mesh.inspections.connections import Connections
from meshlint.mesh.inspections.exposures import Exposures
from meshlint.mesh.inspections.modes import gateways_of, mode_of_port
from meshlint.mesh.inspections.served import waypoint_of_workload
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Decided, Place, PortMode, Workload
from meshlint.mesh.mtls.modes import workload_ports
from meshlint.resources.digest import mapping, sequence, text


def inspect_workload(mesh: Mesh, workload: Workload) -> WorkloadAnswer:
    """Gather what is resolved about a workload."""
    connections = Connections(mesh)
    nodes = (f"service:{service}" for service in mesh.selection.services_of.get(workload.id, ()))
    gateways = (f"gateway:{resource.namespace}/{resource.name}" for resource in gateways_of(mesh, workload))
    account, waypoint = _service_account(workload), waypoint_of_workload(mesh, workload)
    return WorkloadAnswer(
        membership_of(mesh, workload),
        account,
        _identity(mesh, workload, account),
        waypoint,
        tuple(_ports(mesh, workload)),
        tuple(_token_checks(mesh, workload, waypoint)),
        connections.into((f"workload:{workload.id}", *nodes)),
        connections.out_of((f"workload:{workload.id}", *gateways)),
        tuple(_exceptions(mesh, workload)),
    )


def membership_of(mesh: Mesh, workload: Workload) -> Decided:
    """Return the data plane of a workload."""
    membership = mesh.memberships[workload.id]
    if membership.meshed is None:
        return Decided(None, membership.because, membership.decided_by, membership.missing)
    return Decided(membership.dataplane, membership.because, membership.decided_by)


def _service_account(workload: Workload) -> Decided:
    name = workload.service_account
    spec = f"{workload.template}/spec" if not workload.external else "/spec"
    pod = mapping(mapping(workload.resource.content().get("template")).get("spec"))
    field = next((key for key in ("serviceAccountName", "serviceAccount") if text(pod.get(key))), "")
    if workload.external:
        field = "serviceAccount" if name else ""
    if not field:
        because = "it names none" if workload.external else "it names none, and default is what pods then get"
        return Decided(name, because, Place(workload.resource, spec, "identity"))
    return Decided(name, f"{workload.text} says so", Place(workload.resource, f"{spec}/{field}", "identity"))


def _identity(mesh: Mesh, workload: Workload, account: Decided) -> Decided:
    membership = mesh.memberships[workload.id]
    if membership.meshed is False:
        return Decided("", f"it has none: {membership.because}", membership.decided_by)
    if membership.meshed is None:
        return Decided(None, membership.because, membership.decided_by, membership.missing)
    config = mesh.inventory.mesh_config
    if not workload.namespace:
        return Decided(None, "it states no namespace", None, f"namespace of {workload.text}")
    principal = f"{config.trust_domain}/ns/{workload.namespace}/sa/{account.value}"
    return Decided(principal, f"its service account is {account.value}", account.decided_by)


def _ports(mesh: Mesh, workload: Workload) -> Iterator[WorkloadPort]:
    accesses, exposures = Accesses(mesh), Exposures(mesh)
    modes: dict[int, PortMode] = {mode.number: mode for mode in mesh.mtls.modes.get(workload.id, ())}
    found = workload_ports(workload, mesh.inventory, mesh.selection)
    for number, (name, transport, services) in sorted(found.items()):
        leading = tuple(exposures.of(port) for port in services)
        protocols = list(dict.fromkeys(exposure.protocol.value for exposure in leading))
        protocol = protocols[0] if len(protocols) == 1 else None
        yield WorkloadPort(
            number,
            name,
            protocol,
            transport,
            mode_of_port(mesh, workload, modes.get(number), number),
            accesses.of_port(workload, number, protocol),
            accesses.at_ztunnel(workload, number),
            leading,
        )


def _token_checks(mesh: Mesh, workload: Workload, waypoint: Decided) -> Iterator[Decided]:
    """Yield the issuers of each RequestAuthentication that some proxy reads; ztunnel reads none."""
    membership = mesh.memberships[workload.id]
    if membership.meshed is False or (membership.dataplane == "ambient" and waypoint.value == ""):
        return
    root = mesh.inventory.mesh_config.root_namespace
    attachments = [read_attachment(resource, root) for resource in mesh.inventory.of_kind(REQUEST_AUTHENTICATION)]
    index = Attachments((found for found in attachments if found is not None), root)
    for attachment in index.on(mesh.authorization.points.of_workload(workload)):
        resource = attachment.resource
        rules = sequence(mapping(resource.content().get("spec")).get("jwtRules"))
        issuers = [text(mapping(rule).get("issuer")) for rule in rules]
        because = f"{resource.text} checks the tokens that requests bring; it demands none"
        yield Decided([issuer for issuer in issuers if issuer], because, Place(resource, "/spec/jwtRules", "tokens"))


def _exceptions(mesh: Mesh, workload: Workload) -> Iterator[Decided]:
    """Yield the exceptions that PeerAuthentications on the workload declare."""
    for policy in mesh.policies.matching(workload):
        exemption = exemption_of(policy.resource.annotations, mesh.today)
        if exemption.state != "none":
            because = f"{policy.text}: {exemption.because}; {exemption.reason}"
            yield Decided(exemption.state, because, Place(policy.resource, "/metadata/annotations", "exception"))
