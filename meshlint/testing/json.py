"""Results for programs: version 1, stable, additions only.

In: results. Out: JSON.

    {"version": 1, "tool": {"name": "meshlint", "version": "…"},
     "summary": {"rules": 0, "cases": 0, "passed": 0, "failed": 0, "conditions": 0, "reached": 0},
     "cases": [{"rule": "…", "name": "…", "case": "…", "side": "good|bad|", "path": "…", "passed": true,
        "problems": [{"kind": "…", "rule": "…", "message": "…", "location": {…},
                       "notes": [{"name": "…", "text": "…"}]}]}],
     "rules": [{"rule": "…", "name": "…", "path": "…", "conditions": 0, "reached": 0,
        "unreached": [{"part": "when|require|severity_when|let.NAME", "text": "…", "location": {…},
                       "never": ["true"|"false"|"undecided"|"reached"]}]}]}

`rule` is the id and `name` the name of a rule, as in the report of a check; both are empty for what belongs to the
folder. `side` is empty where a rule has no bad case. The kinds of problems are those of `testing.results`.
"""

from __future__ import annotations

import json

from meshlint import __version__
from meshlint.testing.results import Outcome, Plain, Problem, Results, RuleResult


def render(results: Results) -> str:
    """Return the whole report."""
    names = results.names
    failed = len(results.failed)
    content = {
        "version": 1,
        "tool": {"name": "meshlint", "version": __version__},
        "summary": {
            "rules": len(results.rules),
            "cases": len(results.outcomes),
            "passed": len(results.outcomes) - failed,
            "failed": failed,
            "conditions": sum(rule.conditions for rule in results.rules),
            "reached": sum(rule.reached for rule in results.rules),
        },
        "cases": [_case(outcome, names.get(outcome.rule, "")) for outcome in results.outcomes],
        "rules": [_rule(rule) for rule in results.rules],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _case(outcome: Outcome, name: str) -> Plain:
    return {
        "rule": outcome.rule,
        "name": name,
        "case": outcome.name,
        "side": outcome.side,
        "path": outcome.path,
        "passed": not outcome.problems,
        "problems": [_problem(problem) for problem in outcome.problems],
    }


def _problem(problem: Problem) -> Plain:
    return {
        "kind": problem.kind,
        "rule": problem.rule,
        "message": problem.message,
        "location": problem.location,
        "notes": [{"name": name, "text": text} for name, text in problem.notes],
    }


def _rule(rule: RuleResult) -> Plain:
    rows = [
        {"part": row.part, "text": row.text, "location": row.location, "never": list(row.never)}
        for row in rule.unreached
    ]
    return {
        "rule": rule.rule,
        "name": rule.name,
        "path": rule.path,
        "conditions": rule.conditions,
        "reached": rule.reached,
        "unreached": rows,
    }
