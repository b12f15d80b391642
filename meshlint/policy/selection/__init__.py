"""Which rules run, where, and who said so: the words for rules, the configurations of a tree, the command line.

In: the catalogue, settings, what the command line says. Out: rules in force. It knows no finding.
"""
