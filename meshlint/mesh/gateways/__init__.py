"""Read Gateways of Istio and of the Gateway API, their routes, grants and waypoints.

In: the inventory and what exists. Out: servers, listeners and their conflicts.
"""
