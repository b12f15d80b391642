"""The fields and values that mesh kinds have, written down as data, and the judgement of an object against them.

In: the fields of one object. Out: flaws with their place in the object. Where a schema is not sure it is open, so that
silence never means more than "nothing is known to be wrong". No mesh, no rule and no position is known here.
"""
