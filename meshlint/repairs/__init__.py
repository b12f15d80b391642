"""Fixing a tree: the plans of findings become changes, and the changed tree is judged before anything is written.

In: a run and what it read. Out: an outcome: files before and after, what was fixed, what is left and why. It writes no
file, and knows nothing of how a text is edited (`fixes`).
"""
