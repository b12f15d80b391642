"""Why a rule did not fire, for whoever expected it.

In: a trial and a rule. Out: sentences. It is asked only where a case fails, so it may judge once more: views are made
again and the condition of the rule is put to each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meshlint.policy.expressions.running import Program, bind
from meshlint.policy.rule import CompiledRule
from meshlint.policy.views import targets
from meshlint.testing.bench import Trial

_MOST = 3


def why_silent(trial: Trial, rule: str, names: Mapping[str, str]) -> list[str]:
    """Return what became of a rule that did not fire."""
    return list(_reasons(trial, rule, names))[:_MOST]


def _reasons(trial: Trial, rule: str, names: Mapping[str, str]) -> Iterator[str]:
    judged = trial.judged
    for finding, suppression in judged.suppressed:
        if finding.rule == rule:
            at = finding.location
            yield f"it is suppressed by {suppression.kind} at {at.path}:{at.start.line}"
    for item in judged.undecided:
        if item.rule == rule:
            yield f"{item.resource.text} is undecided: the manifests do not say the {item.missing}"
    for finding in judged.findings:
        if finding.is_effect or finding.rule == rule:
            continue
        if any(names[rule] in related.message for related in finding.related):
            yield f"it hides behind {finding.name} in line {finding.location.start.line} of {finding.location.path}"
    active = next((one.rule for one in trial.inputs.rules if one.rule.id == rule), None)
    if active is None:
        yield "the configuration of the case switches the rule off"
    elif not any(judged.judged.get(rule, {}).values()):
        yield from _without_judgement(trial, active)
    else:
        number = sum(judged.judged[rule].values())
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
