"""Which answers an object gets.

In: the mesh and what was found. Out: the answer of its sort.
"""

from __future__ import annotations

from meshlint.mesh.inspections.answers import Answer
from meshlint.mesh.inspections.namespaces import inspect_namespace
from meshlint.mesh.inspections.naming import Found
from meshlint.mesh.inspections.policies import inspect_policy
from meshlint.mesh.inspections.services import Services
from meshlint.mesh.inspections.workloads import inspect_workload
from meshlint.mesh.mesh import Mesh


def answer_of(mesh: Mesh, found: Found) -> Answer:
    """Gather everything that is resolved about an object."""
    if found.workload is not None:
        return inspect_workload(mesh, found.workload)
    if found.service is not None:
        return Services(mesh).inspect(found.service)
    if found.sort == "namespace":
        return inspect_namespace(mesh, mesh.inventory.namespaces[found.name])
    assert found.resource is not None  # only a namespace may lack a manifest
    return inspect_policy(mesh, found.resource)
