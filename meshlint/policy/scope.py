"""What a rule sees of one target: facts for its expressions, values for its templates, reasons for what is
unknown.

In: a target's view, the further variables of a rule, its `let` programs. Out: values. Everything is made when
asked: most targets are judged without any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from meshlint.policy.expressions.running import Activation, Program, bind
from meshlint.policy.templates import ABSENT, Path, walk

if TYPE_CHECKING:
    from meshlint.policy.views import Target


class View:
    """Hold a target with what all rules share: its activation, and why facts are unknown."""

    __slots__ = ("_reasons", "activation", "target")

    def __init__(self, target: Target, activation: Activation) -> None:
        self.target = target
        self.activation = activation
        self._reasons: dict[str, str] | None = None

    def reason(self, key: str, element: Any) -> str:
        """Return why a fact is unknown, else nothing; the element of `each` goes before the whole view."""
        if element is not None and (found := _reasons(element).get(key)):
            return found
        if self._reasons is None:
            self._reasons = _reasons(self.target.view)
        return self._reasons.get(key, "")


def _reasons(value: Any) -> dict[str, str]:
    """Collect the reasons of all `unknown` siblings; of several for one fact the first counts."""
    found: dict[str, str] = {}
    pending = [value]
    for current in pending:  # grows while it is read, so that outer facts come first
        if isinstance(current, dict):
            unknown = current.get("unknown")
            for key, reason in unknown.items() if isinstance(unknown, dict) else ():
                found.setdefault(key, reason)
            pending.extend(item for key, item in current.items() if key != "unknown")
        elif isinstance(current, list):
            pending.extend(current)
    return found


class Scope:
    """Answer the paths of templates: variables first, then `let` names, evaluated when asked."""

    def __init__(self, variables: Mapping[str, Any], lets: Mapping[str, Program]) -> None:
        self._values = dict(variables)
        self._lets = lets
        self._activation: Activation | None = None

    def look_up(self, path: Path) -> Any:
        """Return the value at a path, or ABSENT."""
        if path[0] in self._lets and path[0] not in self._values:
            self._values[path[0]] = self._value(self._lets[path[0]])
        return walk(self._values, path)

    def evaluate(self, program: bytes) -> Any:
        """Return the value of one more expression, ABSENT when it is unknown."""
        return self._value(Program(program))

    def _value(self, program: Program) -> Any:
        if self._activation is None:
            self._activation = bind(self._values)
        value, error = program.value(self._activation)
        return ABSENT if error else value
