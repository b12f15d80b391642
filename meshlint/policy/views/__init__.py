"""The model as rules see it: plain values for every target, as the vocabulary names them.

In: the resolved mesh. Out: `Target`: a view and the object that a finding on it is about. A fact that the manifests do
not settle is absent from its view and named, with the reason, in the sibling `unknown`. Views are made when a rule
asks for their target and dropped after it.
"""

from __future__ import annotations

from meshlint.policy.views.targets import Target, targets

__all__ = ["Target", "targets"]
