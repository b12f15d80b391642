"""What protects a call: the verdict of every edge.

In: the resolved mesh and an edge of its graph. Out: `Verdict` (mtls, plaintext, tls, broken, mixed, unknown) with the
objects that decided on both sides. `resolved.resolved_edges(mesh)` pairs every edge with its verdict, and
`verdicts.Verdicts(mesh)` answers for a single client and port. Nothing here runs unless somebody asks: `build_mesh`
does not import this room. It knows no rule and no report.
"""
