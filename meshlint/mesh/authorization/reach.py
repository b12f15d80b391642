"""Which workloads an object reaches by selector or by namespace, where targetRefs play no part.

In: the inventory. Out: workloads. An object of the root namespace reaches the workloads of all namespaces. It knows
no kind of policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from meshlint.mesh.model import Inventory, Workload
from meshlint.mesh.selection import LabelIndex, label_indexes


class Reach:
    """Answer for the objects of an environment."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._root = inventory.mesh_config.root_namespace

    @cached_property
    def _indexes(self) -> Mapping[str, LabelIndex]:
        return label_indexes(self._inventory)

    @cached_property
    def _everywhere(self) -> LabelIndex:
        return LabelIndex(self._inventory.workloads)

    def of(self, namespace: str, selector: Mapping[str, str]) -> Sequence[Workload]:
        """Return the workloads of a selector; an empty one takes all."""
        return self._matching(self._everywhere if namespace == self._root else self._indexes.get(namespace), selector)

    def at_home(self, namespace: str, selector: Mapping[str, str]) -> Sequence[Workload]:
        """Return the workloads of a selector that never leaves its namespace."""
        return self._matching(self._indexes.get(namespace), selector)

    @staticmethod
    def _matching(index: LabelIndex | None, selector: Mapping[str, str]) -> Sequence[Workload]:
        return index.matching(selector) if index is not None else ()
