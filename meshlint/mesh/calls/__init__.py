"""Find who calls whom, and where an address is written down instead of a name.

In: the inventory, selections and routes. Out: edges with the places that tell of them.
"""
