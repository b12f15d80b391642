"""The patterns of `matches`, tried when a rule is loaded.

In: the tree of an expression. Out: refusals of patterns that are none. CEL looks at a pattern only when it runs, and
then a mistake in it would end the rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from cel_expr_python import cel

from meshlint.policy.expressions.refusals import Refusal
from meshlint.policy.expressions.syntax_tree import Node

_PREFIX = "invalid regular expression: "


def wrong_patterns(node: Node) -> Iterator[Refusal]:
    """Yield a refusal of each pattern below a node that RE2 cannot read."""
    if node.kind == "call" and node.name == "matches" and len(node.parts) == 2:
        pattern = node.parts[1]
        if pattern.kind == "const" and isinstance(pattern.value, str) and (told := _mistake(pattern.value)):
            yield Refusal(pattern, f"the pattern is no regular expression of RE2: {told}", "")
    for part in node.parts:
        yield from wrong_patterns(part)


def _mistake(pattern: str) -> str:
    environment = cel.NewEnv()
    result = environment.compile(f'"".matches({json.dumps(pattern)})').eval(environment.Activation({}))
    if result.type() != cel.Type.ERROR:
        return ""
    return str(result.plain_value()).partition(_PREFIX)[2].strip()
