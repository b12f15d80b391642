"""Decide who is in the mesh, and by which evidence: sidecars, ambient, injection and its labels.

In: the inventory. Out: a membership for each workload, and what is wrong with the labels that ask for one.
"""
