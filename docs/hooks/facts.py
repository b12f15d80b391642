"""Which facts of a rule the manifests may not tell, and when.

In: the expressions of a rule as texts. Out: reasons with the facts that they speak of. Expressions are read for their
dotted paths only; the compiler of rules has judged everything else about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from meshlint.policy.lexicon import Lexicon, PathMistake, builtin, unlisted
from meshlint.policy.rule import CompiledRule

_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_LOOP = re.compile(r"([a-z_][\w.]*)\.(?:exists|all|filter|map|exists_one)\((\w+),")
_PATH = re.compile(r"(?<![\w.])[a-z_]\w*(?:\.[a-z_]\w*)+(?!\w|\()")


def unknown_facts(rule: CompiledRule, texts: list[str]) -> dict[str, list[str]]:
    """Return the reasons for which facts of the expressions may be unknown, each with those facts."""
    lexicon = builtin()
    found: dict[str, list[str]] = {}
    for path, reason in _reasons(lexicon, _variables(rule, lexicon), [_TEXT.sub("''", text) for text in texts]):
        facts = found.setdefault(reason, [])
        if path not in facts:
            facts.append(path)
    return found


def _variables(rule: CompiledRule, lexicon: Lexicon) -> dict[str, str]:
    if isinstance(rule.target, str):
        kind = lexicon.targets[rule.target]
    else:
        kind = next((lexicon.kinds[one] for one in rule.target if one in lexicon.kinds), lexicon.targets["object"])
    variables = {rule.variable: kind}
    if rule.each:
        variables[rule.each[0]] = _element(lexicon, rule.each[1], variables)
    return variables


def _element(lexicon: Lexicon, path: tuple[str, ...], variables: Mapping[str, str]) -> str:
    try:
        return unlisted(lexicon.type_of(path, variables))[0]
    except PathMistake:
        return "dyn"


def _reasons(lexicon: Lexicon, variables: dict[str, str], texts: list[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        bound = dict(variables)
        for path, name in _LOOP.findall(text):
            bound[name] = _element(lexicon, tuple(path.split(".")), bound)
        for path in _paths(text):
            yield from _on_the_way(lexicon, bound, path)


def _paths(text: str) -> Iterator[list[str]]:
    for match in _PATH.finditer(text):
        yield match[0].split(".")
    for path, _ in _LOOP.findall(text):
        yield path.split(".")


def _on_the_way(lexicon: Lexicon, bound: Mapping[str, str], path: list[str]) -> Iterator[tuple[str, str]]:
    for length in range(2, len(path) + 1):
        owner = _element(lexicon, tuple(path[: length - 1]), bound)
        field = lexicon.field(owner, path[length - 1])
        if field is None:
            return
        if field.unknown:
            yield f"{owner}.{field.name}", field.unknown
