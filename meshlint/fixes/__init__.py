"""Texts of manifests are changed at exact spans; the only writer of files of the repository.

In: operations on values, as data, and bytes. Out: edits, diffs, files. It decides nothing about what has to be fixed.
"""
