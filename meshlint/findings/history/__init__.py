"""What was found before: in an earlier revision, in a baseline, and which finding of today is one of then.

In: reports of two times. Out: what is new, what was known, what is fixed. It runs nothing.
"""
