"""Judging in two processes, where there is enough to judge.

In: what `engine.judge` takes, and how many objects there are. Out: the same judgement in the same order. The rules on
objects, of any kind or of one, are about half of the work of a large run, so a child takes them; judgements cross the
border, the model does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from meshlint.policy.engine import Counts, judge
from meshlint.policy.judgement import Judgement
from meshlint.policy.selection.selection import ActiveRule
from meshlint.processes import may_share, start

if TYPE_CHECKING:
    from meshlint.policy.views import Target

Model = TypeVar("Model")
_WORTH_A_PROCESS = 1_500  # objects; below it a second process costs more than it saves


def judge_shared(
    rules: Sequence[ActiveRule],
    model: Model,
    targets: Callable[[str | tuple[str, ...], Model], Iterable[Target]],
    objects: int,
    counts: Counts | None = None,
) -> Judgement:
    """Judge every target of the model by every rule that names it."""
    apart = [active for active in rules if _is_on_objects(active)]
    others = [active for active in rules if not _is_on_objects(active)]
    if objects < _WORTH_A_PROCESS or not apart or not others or not may_share():
        return judge(rules, model, targets, counts)
    import pickle  # only a large run needs it

    wait = start(lambda: pickle.dumps(judge(apart, model, targets, counts)))
    here = judge(others, model, targets, counts)
    data = wait()
    there: Judgement = judge(apart, model, targets, counts) if data is None else pickle.loads(data)
    return _joined([active.rule.id for active in rules], here, there)


def _is_on_objects(active: ActiveRule) -> bool:
    target = active.rule.target
    return target == "object" or not isinstance(target, str)


def _joined(order: Sequence[str], one: Judgement, other: Judgement) -> Judgement:
    """Put two judgements together as if one process had made them: rule by rule."""
    place = {rule: position for position, rule in enumerate(order)}
    evaluated, settled = one.evaluated | other.evaluated, one.settled | other.settled
    return Judgement(
        sorted([*one.faults, *other.faults], key=lambda fault: place[fault.rule_id]),
        sorted([*one.undecided, *other.undecided], key=lambda undecided: place[undecided.rule_id]),
        {rule: evaluated[rule] for rule in order},
        {rule: settled[rule] for rule in order},
        [*one.failures, *other.failures],
    )
