"""Rule files as they are written become rules that run: read, held against their shape and the vocabulary, compiled.

In: folders of files. Out: plain data, or every mistake with its place. Only here is pydantic asked about rules, so
nothing on the default path imports this room.
"""
