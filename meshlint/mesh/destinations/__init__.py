"""Read DestinationRules: which one governs, its breaker, its subsets.

In: the inventory, selections and routes. Out: the breaker of each port, and rules that collide or lead nowhere.
"""
