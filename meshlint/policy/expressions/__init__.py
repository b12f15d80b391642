"""The expression language (CEL): the only room that knows cel-expr-python.

In: text and types when a rule is compiled (`compiling`), programs and plain values when it runs (`running`).
Out: serialised programs, and values. It knows no rule. The two halves are imported apart: a run with a
compiled catalogue needs neither the checker nor protobuf.
"""
