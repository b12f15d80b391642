"""Read VirtualServices: which hosts, routes and destinations there are, for whom, and in which order.

In: the inventory. Out: routes and what is wrong with them.
"""
