"""Rules at work: every active rule judges every target it names.

In: active rules, the mesh, and how the mesh is viewed. Out: `Judgement`: faults with their place and cause,
what could not be decided and why, how often each rule applied, and what it settled. It knows no file, line or
suppression.

A rule says `when → require`, in three values: a false `when` and a true `require` settle the matter whatever
is unknown beside them; a fault needs both to be known. What is left is undecided, and the rule's `on_unknown`
says what becomes of it (HOUSE: unknown is a value).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from meshlint.policy.expressions.running import TOO_LONG, Activation, Program, bind, missing_key
from meshlint.policy.judgement import Failure, Fault, Judgement, Related, Undecided, cause_of, merged
from meshlint.policy.rule import title_of
from meshlint.policy.scope import Scope, View
from meshlint.policy.selection.selection import ActiveRule
from meshlint.policy.templates import ABSENT, render, walk, written

if TYPE_CHECKING:
    from meshlint.policy.views import Target
    from meshlint.policy.views.values import Subject

__all__ = ["BrokenRule", "Fault", "Judgement", "Undecided", "judge"]

Model = TypeVar("Model")
Counts = Callable[[ActiveRule, "Target"], bool]
"""Whether a judgement of a target counts as one of its rule; None for always."""


class BrokenRule(Exception):
    """Report an expression that failed for another reason than an unknown fact: a bug of whoever wrote the rule."""


def judge(
    rules: Sequence[ActiveRule],
    model: Model,
    targets: Callable[[str | tuple[str, ...], Model], Iterable[Target]],
    counts: Counts | None = None,
) -> Judgement:
    """Judge every target of the model by every rule that names it; a view is made once for all of them.

    A rule whose expression fails although every fact that it needs is known judges nothing further; its failure is told
    in the judgement, and the other rules go on.
    """
    groups: dict[str | tuple[str, ...], list[_Judge]] = {}
    judges = [_Judge(active, model, counts) for active in rules]
    for one in judges:
        named = one.rule.target
        # Rules that name several kinds share the views of each with the rules that name it alone.
        kinds: list[str | tuple[str, ...]] = [named] if isinstance(named, str) else [(name,) for name in named]
        for kind in kinds:
            groups.setdefault(kind, []).append(one)
    for kind, group in groups.items():
        variable = group[0].rule.variable
        for target in targets(kind, model):
            view = View(target, bind({variable: target.view}))
            for one in group:
                if one.lists and target.view.get(one.lists, ABSENT) == []:
                    continue  # most objects give most rules nothing to judge
                if not one.failure:
                    one.try_to_judge(view)
    return Judgement(
        [merged(faults) for one in judges for faults in one.faults.values()],
        [undecided for one in judges for undecided in one.undecided],
        {one.rule.id: one.evaluated for one in judges},
        {one.rule.id: one.settled for one in judges},
        [Failure(one.failure, one.rule.pack) for one in judges if one.failure],
    )


class _Judge:
    """Run one rule over its targets."""

    def __init__(self, active: ActiveRule, model: Any, counts: Counts | None) -> None:
        self.active = active
        self.counts = counts
        self.rule = active.rule
        self.params = active.params
        self.severity = active.severity
        self.fix = active.fix
        self.model = model
        self.faults: dict[tuple[Subject | None, str], list[Fault]] = {}  # by cause
        self.undecided: dict[Undecided, None] = {}
        self.evaluated = 0
        self.failure = ""
        self.settled: dict[str, int] = {}
        path = self.rule.each[1] if self.rule.each is not None else ()
        self.lists = path[1] if len(path) == 2 and path[0] == self.rule.variable else ""  # the fact that holds its list
        self._when = Program(self.rule.when) if self.rule.when else None
        self._require = Program(self.rule.require) if self.rule.require else None
        self._lets = {name: Program(program) for name, program in self.rule.lets}

    def try_to_judge(self, view: View) -> None:
        """Judge one target; a bug in the rule ends this rule and no other."""
        try:
            self.judge(view)
        except BrokenRule as bug:
            self.failure = str(bug)

    def judge(self, view: View) -> None:
        """Judge one target, or every element of its list."""
        rule = self.rule
        if rule.each is None:
            activation = view.activation
            variables: dict[str, Any] = {rule.variable: view.target.view}
            if self.params:
                variables["params"] = self.params
                activation = bind(variables)
            self._decide(view, variables, activation, None)
            return
        name, path = rule.each
        variables = {rule.variable: view.target.view, "params": self.params}
        elements = walk(variables, path)
        if elements is ABSENT:
            self._without_elements(view, variables, path[-1])
            return
        for element in elements:
            bound = {**variables, name: element}
            self._decide(view, bound, bind(bound), element)

    def _without_elements(self, view: View, variables: Mapping[str, Any], key: str) -> None:
        """Settle a rule whose list is unknown: it may still not apply."""
        if self._when is not None and self._when.value(bind(variables))[0] is False:
            return
        self.evaluated += 1
        self._leave_open(view, dict(variables), self._reason(view, None, f"no list `{key}`", key))

    def _decide(self, view: View, variables: dict[str, Any], activation: Activation, element: Any) -> None:
        missing = ""
        if self._when is not None:
            value, error = self._when.value(activation)
            if value is False:
                return
            if error:
                missing = self._reason(view, element, error)
        self.evaluated += 1
        if self._require is None:
            self._run_check(view, variables, missing)
            return
        value, error = self._require.value(activation)
        if value is True:
            self._count(view)
            return
        if error and not missing:
            missing = self._reason(view, element, error)
        if missing:
            self._leave_open(view, variables, missing)
        else:
            self._count(view)
            self._accuse(view, variables)

    def _count(self, view: View) -> None:
        """Count a judgement that was reached, under the namespace of its target, or which it is."""
        if self.counts is not None and not self.counts(self.active, view.target):
            return
        _, kind, namespace, name = view.target.subject or ("", "", "", "")
        if kind == "Namespace":
            namespace = name
        self.settled[namespace] = self.settled.get(namespace, 0) + 1

    def _reason(self, view: View, element: Any, error: str, key: str = "") -> str:
        """Return what the manifests do not tell; an error that nothing unknown explains is a bug."""
        if error == TOO_LONG:
            return error
        reason = view.reason(key or missing_key(error), element)
        if not reason:
            title = title_of(self.rule.id, self.rule.name)
            raise BrokenRule(f"rule {title} failed on {written(view.target.view)}: {error}")
        return reason

    def _leave_open(self, view: View, variables: dict[str, Any], missing: str) -> None:
        if self.rule.on_unknown == "fire":
            self._count(view)
            self._accuse(view, variables)
        elif self.rule.on_unknown == "undecided":
            place = view.target.view.get("place", {}).get("place", "")
            self.undecided[Undecided(self.rule.id, view.target.subject, missing, place)] = None

    def _run_check(self, view: View, variables: dict[str, Any], missing: str) -> None:
        from meshlint.policy.checks import check_named

        check = check_named(self.rule.check)
        is_settled = not missing
        for found in check(self.model, view.target, self.params):
            open_ = missing or found.get("unknown", "")
            if open_:
                is_settled = False
                self._leave_open(view, variables, open_)
            else:
                self._accuse(view, {**variables, "found": found})
        if is_settled:
            self._count(view)

    def _accuse(self, view: View, variables: dict[str, Any]) -> None:
        scope = Scope(variables, self._lets)
        place = self._place(scope, view)
        fix, plans = self._fix(scope, place["place"])
        fault = Fault(
            self.rule.id,
            self._severity(scope),
            view.target.subject,
            place["place"],
            render(self.rule.message, scope.look_up),
            render(self.rule.help, scope.look_up),
            cause_of(place),
            tuple(self._related(scope)),
            fix,
            plans,
        )
        self.faults.setdefault((fault.subject, fault.cause), []).append(fault)

    def _fix(self, scope: Scope, place: str) -> tuple[int, tuple[bytes, ...]]:
        """Return the first way to fix it that applies, -1 for none, and what that means where somebody wants to fix."""
        if self.rule.fix is None:
            return -1, ()
        chosen, at = -1, [place]
        for position, (_, when, path) in enumerate(self.rule.fix[1]):
            if when and scope.evaluate(when) is not True:
                continue
            found = scope.look_up(path) if path else {"place": place}
            rows = found if isinstance(found, list) else [found]
            places = [str(row.get("place", "")) if isinstance(row, dict) else "" for row in rows]
            if places and all(places):
                chosen, at = position, places
                break
        if self.fix is None:
            return chosen, ()
        from meshlint.policy.fixes import plan_of

        return chosen, tuple(plan_of(self.fix, chosen, one, scope.look_up) for one in at)

    def _place(self, scope: Scope, view: View) -> Mapping[str, str]:
        """Return the first place of `at:` that exists, else that of a check, else the target's own."""
        candidates = [scope.look_up(path) for path in self.rule.at]
        candidates.append(scope.look_up(("found", "place")))
        for place in candidates:
            if isinstance(place, dict) and place.get("place"):
                return place
        own: Mapping[str, str] = view.target.view["place"]
        return own

    def _severity(self, scope: Scope) -> str:
        if self.severity:
            return self.severity
        if self.rule.severity_when is not None:
            condition, severity = self.rule.severity_when
            if scope.evaluate(condition) is True:
                return severity
        return self.rule.severity

    def _related(self, scope: Scope) -> Iterable[Related]:
        for path, parts in self.rule.related:
            value = scope.look_up(path)
            for place in value if isinstance(value, list) else [value]:
                if isinstance(place, dict) and place.get("place"):
                    yield render(parts, scope.look_up) if parts else place["text"], place["place"]
