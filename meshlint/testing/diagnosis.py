"""Why a rule did not fire, for whoever expected it.

In: a trial and a rule. Out: sentences. It is asked only where a case fails, so it may judge once more: views are made
again and the condition of the rule is put to each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from meshlint.errors import Location
from meshlint.policy.expressions.running import Program, bind
from meshlint.policy.rule import CompiledRule
from meshlint.policy.views import targets
from meshlint.testing.bench import Trial

Where = Callable[[Location], str]

_MOST = 3


def why_silent(trial: Trial, rule: str, names: Mapping[str, str], where: Where) -> list[str]:
    """Return what became of a rule that did not fire; `where` words a place as the author of the case sees it."""
    reasons = list(_set_aside(trial, rule, names, where)) or list(_judging(trial, rule))
    return reasons[:_MOST]


def _set_aside(trial: Trial, rule: str, names: Mapping[str, str], where: Where) -> Iterator[str]:
    """Yield findings of the rule that were not reported, and what it left open."""
    for finding, suppression in trial.judged.suppressed:
        if finding.rule == rule:
            yield f"it is suppressed by {suppression.kind} in {where(finding.location)}"
    for item in trial.judged.undecided:
        if item.rule == rule:
            yield f"{item.resource.text} is undecided: the manifests do not say the {item.missing}"
    for finding in trial.judged.findings:
        if finding.rule != rule and any(names[rule] in related.message for related in finding.related):
            yield f"it hides behind {finding.name} in {where(finding.location)}"


def _judging(trial: Trial, rule: str) -> Iterator[str]:
    active = next((one.rule for one in trial.inputs.rules if one.rule.id == rule), None)
    number = sum(trial.judged.judged.get(rule, {}).values())
    if active is None:
        yield "the configuration of the case switches the rule off"
    elif not number:
        yield from _without_judgement(trial, active)
    else:
        yield f"`require` holds in {number} judgement{'s' if number > 1 else ''}, and no other fault is there"


def _without_judgement(trial: Trial, rule: CompiledRule) -> Iterator[str]:
    word = rule.target if isinstance(rule.target, str) else " or ".join(rule.target)
    if word == "suppression":
        return
    found = [target for mesh in trial.resolved.meshes for target in targets(rule.target, mesh)]
    if not found:
        yield f"nothing in the case is a {word}"
    elif rule.when and rule.each is None:
        when = Program(rule.when)
        texts = [target.view.get("text", "") or target.view["place"]["text"] for target in found
                 if when.value(bind({rule.variable: target.view, "params": rule.params}))[0] is False]  # fmt: skip
        if texts:
            shown = ", ".join(sorted(set(texts))[:_MOST])
            more = f" and {len(set(texts)) - _MOST} more" if len(set(texts)) > _MOST else ""
            yield f"`when` is false for {shown}{more}"
    elif rule.each is not None:
        yield f"no element of `{'.'.join(rule.each[1])}` was judged"
