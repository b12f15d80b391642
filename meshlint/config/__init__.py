"""The configuration of a run: `.meshlint.yaml`, found, read, validated and turned into plain settings.

In: the text of the file. Out: `Settings`, or every mistake of the file with its line and column. Knows the
keys and their forms; knows neither which rules exist (the caller says so) nor what the mesh makes of the
settings.
"""
