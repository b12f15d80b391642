"""Everything that is resolved about one object, gathered for somebody who asks.

In: the mesh and the name of an object. Out: its answers. Nothing is resolved here that another room resolves; it knows
no rule and no text.
"""
