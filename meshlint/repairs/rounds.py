"""Fix until nothing changes: plan, apply, judge again, take back what does harm.

In: a run, what was read, which rules may be fixed and whether unsafe fixes are wanted. Out: `Outcome`: the tree that
would be written, what was fixed, what is left and why. A fix counts when its finding is gone and no finding of its
severity or a graver one came; a batch that fails is halved until the culprits stand alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from meshlint.findings.finding import SEVERITIES, Finding
from meshlint.fixes.operations import CannotEdit
from meshlint.pipeline import Material, Run
from meshlint.records import NamedTuple
from meshlint.repairs.applying import Applied, split_conflicts
from meshlint.repairs.planning import Change, Key, Planner, Review, key_of
from meshlint.repairs.trees import Tree, Verdict, judged, tree_of

MOST_ROUNDS = 10
_OWNERSHIP = "ownership"


class Left(NamedTuple):
    """Hold a finding that stays, and why it was not fixed."""

    finding: Finding
    because: str


class Outcome(NamedTuple):
    """Hold what fixing would do: the tree before and after, and what became of every finding."""

    before: Tree
    after: Tree
    first: Verdict
    last: Verdict
    fixed: tuple[Finding, ...]
    waiting: tuple[Finding, ...]  # unsafe fixes that nobody asked for
    left: tuple[Left, ...]  # of rules that have a fix, and not here
    without: tuple[Finding, ...]  # of rules that have none
    reviews: tuple[Review, ...]
    rounds: int


class Chosen(NamedTuple):
    """Say which findings are to be fixed."""

    rules: frozenset[str]  # ids
    fingerprints: frozenset[str] | None  # of the first run: what a baseline does not know; None: all
    unsafe: bool


def fix(run: Run, material: Material, chosen: Chosen) -> Outcome:
    """Fix what can be fixed; where a follow-up did not work out, again without what needed it."""
    work = _Rounds(run, material, chosen, patient=True)
    outcome = work.run()
    if work.owed(outcome):
        outcome = _Rounds(run, material, chosen, patient=False).run()
    return outcome


class _Rounds:
    """Hold what is known between rounds: the tree so far, and what was tried in vain."""

    def __init__(self, run: Run, material: Material, chosen: Chosen, *, patient: bool) -> None:
        self._run, self._material = run, material
        self._chosen, self._unsafe = chosen, chosen.unsafe
        self._known: set[Key] = set()  # to a baseline
        self._with_fix = {active.rule.id for active in run.rules if active.fix is not None}
        self._wholes = {active.rule.id for active in run.rules if active.rule.target in ("mesh", "repository")}
        self._owned = {active.rule.id for active in run.rules if active.rule.family == _OWNERSHIP}
        self._patient = patient  # a new finding that has a fix itself is waited for
        self._vain: dict[Key, str] = {}
        self._debts: set[tuple[str, object]] = set()

    def run(self) -> Outcome:
        """Go through the rounds."""
        before = tree = tree_of(self._material)
        first = verdict = self._judge(tree)
        told = self._chosen.fingerprints
        if told is not None:
            self._known = {key_of(finding) for finding in first.judged.findings if finding.fingerprint not in told}
        fixed: dict[Key, Finding] = {}
        reviews: list[Review] = []
        rounds, moved = 0, False
        while rounds < MOST_ROUNDS:
            changes = self._planned(tree, verdict)
            if not changes and moved and self._vain:
                self._vain, moved = {}, False  # what stood in the way may be gone: the next run would find out
                continue
            if not changes:
                break
            rounds += 1
            accepted, tree, verdict, seen = self._settled(tree, verdict, changes)
            moved = moved or bool(accepted)
            fixed |= {key_of(change.finding): change.finding for change in accepted}
            reviews += seen
        meant = [finding for finding in verdict.judged.findings if self._is_meant(finding)]
        waiting = [f for f in meant if f.fix and not f.fix[0] and not self._unsafe]
        without = [f for f in meant if f.rule not in self._with_fix]
        planner = Planner(tree, verdict)
        left = [Left(f, self._reason(f, planner)) for f in meant if f not in waiting and f not in without]
        return Outcome(
            before, tree, first, verdict, tuple(fixed.values()), tuple(waiting), tuple(left),
            tuple(without), tuple(dict.fromkeys(reviews)), rounds,
        )  # fmt: skip

    def owed(self, outcome: Outcome) -> bool:
        """Tell whether a finding that a fix brought is still there."""
        return any(self._name(finding) in self._debts for finding in outcome.last.judged.findings)

    def _judge(self, tree: Tree) -> Verdict:
        return judged(self._run, tree, self._material)

    def _is_meant(self, finding: Finding) -> bool:
        return finding.rule in self._chosen.rules and key_of(finding) not in self._known

    def _may_fix(self, finding: Finding) -> bool:
        return finding.fix is not None and self._is_meant(finding) and (finding.fix[0] or self._unsafe)

    def _reason(self, finding: Finding, planner: Planner) -> str:
        if key_of(finding) in self._vain:
            return self._vain[key_of(finding)]
        try:
            planner.change(finding)
        except CannotEdit as refusal:
            return refusal.reason
        return f"{MOST_ROUNDS} rounds did not reach it"

    def _planned(self, tree: Tree, verdict: Verdict) -> list[Change]:
        planner = Planner(tree, verdict)
        changes = []
        for finding in verdict.judged.findings:
            if self._may_fix(finding) and key_of(finding) not in self._vain:
                try:
                    changes.append(planner.change(finding))
                except CannotEdit as refusal:
                    self._vain[key_of(finding)] = refusal.reason
        return split_conflicts(changes)[0]

    def _settled(
        self, tree: Tree, verdict: Verdict, changes: Sequence[Change]
    ) -> tuple[list[Change], Tree, Verdict, list[Review]]:
        """Return the changes that do good together, and the tree with them."""
        applied = Applied(self._run, tree, verdict)
        accepted: list[Change] = []
        best, known, reviews = tree, verdict, list[Review]()
        pending = [list(changes)]
        while pending:
            batch = pending.pop()
            try:
                trial, seen = applied.tree([*accepted, *batch])
                after = self._judge(trial)
                harm = self._harm(known, after, batch)
            except CannotEdit as refusal:
                harm = refusal.reason
            if not harm:
                accepted, best, known, reviews = [*accepted, *batch], trial, after, seen
            elif len(batch) == 1:
                self._vain[key_of(batch[0].finding)] = harm
            else:
                middle = len(batch) // 2
                pending += [batch[middle:], batch[:middle]]
        return accepted, best, known, reviews

    def _harm(self, before: Verdict, after: Verdict, batch: Sequence[Change]) -> str:
        """Return what speaks against a batch; nothing where each finding is gone and none came."""
        left = Counter(map(key_of, after.judged.findings))
        for key, count in Counter(key_of(change.finding) for change in batch).items():
            if left[key] > Counter(map(key_of, before.judged.findings))[key] - count:
                return "its fix did not remove it"
        least = min(SEVERITIES.index(change.finding.severity) for change in batch)
        came = Counter(map(self._name, after.judged.findings)) - Counter(map(self._name, before.judged.findings))
        shown = {related.message.partition(": ")[0] for f in before.judged.findings for related in f.related}
        debts = set()
        for finding in after.judged.findings:
            if not came[self._name(finding)] or SEVERITIES.index(finding.severity) < least:
                continue
            if finding.rule in shown and self._was_hidden(finding, before):
                continue
            if finding.rule in self._owned and not any(change.owned for change in batch):
                continue  # that the first policy of a repository lacks an owner is told, and hinders no fix
            if not (self._patient and self._may_fix(finding)):
                return f"its fix would bring {finding.rule} {finding.name}: {finding.message}"
            debts.add(self._name(finding))
        self._debts |= debts
        return ""

    def _name(self, finding: Finding) -> tuple[str, object]:
        """Return what a finding is recognized by; what is said of the whole belongs to the object that comes first."""
        return finding.rule, None if finding.rule in self._wholes else finding.resource

    @staticmethod
    def _was_hidden(finding: Finding, before: Verdict) -> bool:
        """Tell whether the finding stood behind another one, as one of the places that it lists."""
        return any(
            related.message.startswith(f"{finding.rule}: ") and related.location.path == finding.location.path
            for other in before.judged.findings
            for related in other.related
        )
