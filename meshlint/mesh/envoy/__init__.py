"""Raw Envoy configuration: removed fields, circuit breakers, listeners.

In: the plain values of a bootstrap or of a fragment. Out: faults with pointers. Envoy reads proto JSON, so
snake_case and lowerCamelCase both count.
"""

from __future__ import annotations

from meshlint.mesh.envoy.breakers import ClusterFault, cluster_faults
from meshlint.mesh.envoy.listeners import BareListener, bare_listeners
from meshlint.mesh.envoy.removed import RemovedField, removed_fields

__all__ = ["BareListener", "ClusterFault", "RemovedField", "bare_listeners", "cluster_faults", "removed_fields"]
