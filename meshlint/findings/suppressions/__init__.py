"""What takes findings out: exceptions of configurations, comments, annotations; one type, one matcher.

In: what people wrote, findings. Out: which suppression holds which finding, and what is wrong with suppressions.
"""
