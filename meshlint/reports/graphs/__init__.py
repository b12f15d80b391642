"""Who calls whom and what protects it, drawn: one drawing model, one module a format.

In: resolved meshes. Out: text, JSON, Mermaid, DOT, and a page. Nothing here judges; verdicts come from the mesh.
"""
