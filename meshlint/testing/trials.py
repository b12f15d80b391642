"""One case on trial.

In: a case, its suite and a bench. Out: `Outcome`. A good case is silent under every rule of the suite; in a bad one its
rule and those that it names fire where it says and nowhere else; with a claim the rule fires. Rules that a case leaves
undecided, as it says, leave something undecided. The rules of a pack are
judged among themselves and beside whatever rules a case names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from meshlint.errors import Location, MeshlintError
from meshlint.findings.finding import Finding
from meshlint.policy.rule import CompiledRule
from meshlint.policy.rule_files.expectations import Expectation, compare, expectations_of, undecided_in
from meshlint.spelling import did_you_mean
from meshlint.testing import results
from meshlint.testing.bench import Bench, Trial
from meshlint.testing.cases import BAD, GOOD, Case
from meshlint.testing.diagnosis import why_silent
from meshlint.testing.places import Place, Places
from meshlint.testing.results import Outcome, Problem
from meshlint.testing.silences import without_silence
from meshlint.testing.suites import Suite

_MOST = 3
_ALWAYS = "unparsable-document"  # a case that cannot be read tries nothing


class Trials:
    """Try the cases of one suite on one bench."""

    def __init__(self, suite: Suite, bench: Bench) -> None:
        self.suite = suite
        self.bench = bench
        self.places = Places(suite.base, f"{suite.fixtures_root}/base")
        self.names = {rule.id: rule.name for rule in suite.catalogue.rules}

    def outcome(self, case: Case, replaced: Mapping[str, CompiledRule] | None = None) -> Outcome:
        """Try one case; `replaced` are rules to judge by in the place of those of the same id."""
        try:
            problems = self._problems(case, replaced or {})
        except MeshlintError as mistake:
            place = self.places.of_case(case)
            if mistake.location is not None:
                place = self.places.of(case, mistake.location)
            problems = [_problem(results.FAILED, case.rule, mistake.message, place, [("help", mistake.help)])]
        return Outcome(case.rule, case.side, case.name, case.origin, tuple(problems))

    def _problems(self, case: Case, replaced: Mapping[str, CompiledRule]) -> list[Problem]:
        expected, unknown = self._expected(case)
        if unknown:
            return unknown
        if case.claim is not None:
            return self._of_claim(case, replaced)
        left_open = self._left_open(case)
        trial = self._judged(case, case.files, [row.rule for row in (*expected, *left_open)], replaced)
        if trial.judged.failures:
            place = self.places.of_case(case)
            return [_problem(results.FAILED, case.rule, failure.told, place) for failure in trial.judged.failures]
        return [*self._of_side(case, trial, expected), *self._decided(case, trial, left_open)]

    def _of_side(self, case: Case, trial: Trial, expected: list[Expectation]) -> list[Problem]:
        if case.side == GOOD:
            said = [*expected, *(_expectation(finding) for finding in trial.judged.findings)]
            return self._empty(case, trial) or self._differences(case, trial, expected, said[len(expected) :])
        if not expected:
            note = ("help", f"write `# expect: {self._short(case.rule)}` behind the line that is at fault")
            told = "the case says of no line that it is at fault"
            return [_problem(results.NO_EXPECTATION, case.rule, told, self.places.of_case(case), [note])]
        named = {case.rule, *(row.rule for row in expected), self.suite.rule_of(_ALWAYS)}
        found = [_expectation(finding) for finding in trial.judged.findings if finding.rule in named]
        return self._differences(case, trial, expected, found)

    def _judged(
        self, case: Case, files: Mapping[str, str], named: Iterable[str], replaced: Mapping[str, CompiledRule]
    ) -> Trial:
        select: set[str] = set()
        if not self.suite.whole:
            select = {rule.id for rule in self.suite.rules} | {*named, self.suite.rule_of(_ALWAYS)}
        base = {} if case.stands_alone else self.suite.base
        return self.bench.judge({**base, **files}, select, replaced)

    def _expected(self, case: Case) -> tuple[list[Expectation], list[Problem]]:
        """Return what the case expects, by rule ids, and the names that no rule has."""
        expected, unknown = [], []
        for row in expectations_of(case.files):
            rule = self.suite.rule_of(row.rule)
            if rule:
                expected.append(row._replace(rule=rule))
            else:
                unknown.append(self._unknown(case, row.path, row.line, row.rule))
        for path, text in case.files.items():
            missing = (row for row in undecided_in(text, path) if row.rule and not self.suite.rule_of(row.rule))
            unknown += [self._unknown(case, path, row.line, row.rule) for row in missing]
        if case.claim is not None and case.claim.rule and not self.suite.rule_of(case.claim.rule):
            unknown.append(self._unknown(case, case.claim.path, case.claim.line, case.claim.rule))
        return expected, unknown

    def _left_open(self, case: Case) -> list[Expectation]:
        """Return the rules, by ids, that a case says it leaves undecided."""
        rows = [row for path, text in case.files.items() for row in undecided_in(text, path)]
        return [row._replace(rule=self.suite.rule_of(row.rule) if row.rule else case.rule) for row in rows]

    def _decided(self, case: Case, trial: Trial, left_open: Iterable[Expectation]) -> Iterator[Problem]:
        found = {item.rule for item in trial.judged.undecided}
        for row in left_open:
            if row.rule not in found:
                place = self.places.of_line(case, row.path, row.line)
                told = f"{self.names[row.rule]} leaves nothing undecided here"
                notes = [
                    ("found", text) for text in why_silent(trial, row.rule, self.names, partial(self._where, case))
                ]
                fired = any(finding.rule == row.rule for finding in trial.judged.findings)
                yield _problem(results.DECIDED, row.rule, told, place, [("found", "it fires")] if fired else notes)

    def _unknown(self, case: Case, path: str, line: int, word: str) -> Problem:
        place = self.places.of_line(case, path, line, word)
        hint = ("help", did_you_mean(word, self.suite.words()))
        return _problem(results.UNKNOWN_RULE, "", f"there is no rule `{word}`", place, [hint])

    def _of_claim(self, case: Case, replaced: Mapping[str, CompiledRule]) -> list[Problem]:
        claim = case.claim
        assert claim is not None  # the caller asked
        rule = self.suite.rule_of(claim.rule) if claim.rule else case.rule
        place = self.places.of_line(case, claim.path, claim.line, claim.text)
        if not claim.old:
            hint = "write ``# fires without `TEXT` `` or ``# fires if `TEXT` read `TEXT` ``"
            return [_problem(results.UNREADABLE_CLAIM, rule, "the claim cannot be read", place, [("help", hint)])]
        changed = without_silence(case.files, claim)
        if changed is None:
            return [_problem(results.NOT_THERE, rule, f"`{claim.old}` stands nowhere in the case", place)]
        if case.side == BAD:
            before = self._judged(case, case.files, [rule], {}).judged.findings
            if any(finding.rule == rule for finding in before):
                told = f"{self.names[rule]} fires without the change, too"
                return [_problem(results.STILL_SILENT, rule, told, place)]
        trial = self._judged(case, changed, [rule], replaced)
        if any(finding.rule == rule for finding in trial.judged.findings):
            return []
        notes = [("found", text) for text in why_silent(trial, rule, self.names, partial(self._where, case))]
        return [_problem(results.STILL_SILENT, rule, f"{self.names[rule]} stays silent all the same", place, notes)]

    def _empty(self, case: Case, trial: Trial) -> list[Problem]:
        """Refuse a good manifest without any object: its silence says nothing."""
        pairs = zip(trial.inputs.sources, trial.inputs.facts, strict=True)
        own = [told for source, told in pairs if source.path in case.files]
        held = [told for told in own if told.records or told.template or (told.documents and not told.problems)]
        if trial.judged.findings or held:
            return []
        told = "the case holds no object that could be judged"
        return [_problem(results.NOTHING, case.rule, told, self.places.of_case(case))]

    def _differences(
        self, case: Case, trial: Trial, expected: list[Expectation], found: list[Expectation]
    ) -> list[Problem]:
        difference = compare(expected, found)
        problems = []
        for row in difference.missing:
            place = self.places.of_line(case, row.path or next(iter(case.files)), row.line)
            notes = [("found", text) for text in self._instead(case, trial, row, difference.unexpected)]
            told = f"{self.names[row.rule]} was expected here and was not found"
            problems.append(_problem(results.MISSING, row.rule, told, place, notes))
        rest = list(difference.unexpected)
        for finding in trial.judged.findings:
            row = _expectation(finding)
            if row in rest:
                rest.remove(row)
                place = self.places.of(case, finding.location)
                notes = [("message", finding.message)]
                told = f"{finding.name} was found here and was not expected"
                problems.append(_problem(results.UNEXPECTED, finding.rule, told, place, notes))
        return problems

    def _instead(self, case: Case, trial: Trial, missing: Expectation, unexpected: Iterable[Expectation]) -> list[str]:
        """Say what was found of the rule in the place of what is missing."""
        elsewhere = [row for row in unexpected if row.rule == missing.rule]
        if elsewhere:
            fired = [finding.location for finding in trial.judged.findings if _expectation(finding) in elsewhere]
            return [f"it fires in {self._where(case, location)} instead" for location in fired[:_MOST]]
        return why_silent(trial, missing.rule, self.names, partial(self._where, case))

    def _where(self, case: Case, location: Location) -> str:
        placed, _ = self.places.of(case, location)
        return f"line {placed['start']['line']} of {placed['path']}"

    def _short(self, rule: str) -> str:
        return self.names[rule].rpartition("/")[2]


def _expectation(finding: Finding) -> Expectation:
    return Expectation(finding.location.path, finding.location.start.line, finding.rule)


def _problem(kind: str, rule: str, message: str, place: Place, notes: Iterable[tuple[str, str]] = ()) -> Problem:
    return Problem(kind, rule, message, place[0], place[1], tuple(note for note in notes if note[1]))
