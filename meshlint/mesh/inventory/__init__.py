"""Read the objects of an environment: who is declared.

In: resources. Out: `Inventory`, with the services, workloads and MeshConfig in it. Knows nothing of what is in force.
"""
