"""The mesh as it is declared and as it is in force.

In: resources. Out: one frozen model. It knows no rule.
"""
