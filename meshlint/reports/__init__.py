"""How a report is written, one module a format.

In: a report. Out: text. It decides nothing.
"""
