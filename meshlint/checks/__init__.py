"""Judgements that no expression can say, one file each, found by walking; no rule needs one so far.

In: the resolved mesh, one target, parameters. Out: what was found. A check knows no message, severity or id.
"""
