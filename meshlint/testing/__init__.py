"""Rules on trial: whether their examples and fixtures hold, and what of a rule none of them reaches.

In: folders of rules. Out: outcomes of cases, each problem with its place, and reports on them. Our own rules are tested
by this room and nothing else, so that a rule of a pack is held to what ours are held to. It judges by the pipeline and
must not know how.
"""
