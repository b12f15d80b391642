"""Where bytes come from: operands, folders, standard input.

In: paths. Out: sources and their bytes. It knows no YAML.
"""
