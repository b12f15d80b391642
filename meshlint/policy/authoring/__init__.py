"""What whoever writes a rule asks: which facts there are, what an expression answers, what an editor completes.

In: the vocabulary, the forms of files, a mesh. Out: values for `reports` and `cli`. No run needs it.
"""
