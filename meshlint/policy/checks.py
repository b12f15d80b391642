"""Python checks by name: ours, and those that installed distributions offer.

In: the name that a rule gives after `check:`. Out: what the check yields, or the function. Ours are modules of
`meshlint.checks`, `cycles`; others come by the entry points of the group `meshlint.checks` and are called by their
distribution, `hms-policy/shared-accounts`. A check is imported when a rule that runs names it, and never otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from meshlint.errors import RuleError
from meshlint.policy.installed import CHECKS, EntryPoint, entry_points

Check = Callable[[Any, Any, Mapping[str, Any]], Iterable[Mapping[str, Any]]]
"""From the model, a target and the parameters to what was found: values by the names of the table `YIELDS`."""


def known_checks() -> dict[str, dict[str, str]]:
    """Return our checks by name, with the names and types of what each yields.

    A check is a module with a function `check` and a table `YIELDS`.
    """
    import pkgutil

    import meshlint.checks

    found = {}
    for module in pkgutil.iter_modules(meshlint.checks.__path__):
        loaded = import_module(f"meshlint.checks.{module.name}")
        if hasattr(loaded, "check"):
            found[module.name.replace("_", "-")] = dict(loaded.YIELDS)
    return found


def offered_checks() -> dict[str, EntryPoint]:
    """Return the checks of installed distributions by name, without importing any."""
    return {f"{point.distribution}/{point.name}": point for point in entry_points(CHECKS)}


def yields_of(name: str) -> dict[str, str]:
    """Return the names and types of what a check of a distribution yields.

    Raises RuleError when it cannot be loaded.
    """
    module, _ = _loaded(name)
    yields = getattr(module, "YIELDS", {})
    if not isinstance(yields, dict) or not all(isinstance(word, str) for row in yields.items() for word in row):
        raise RuleError(f"the check `{name}` cannot be loaded: its `YIELDS` is no table from names to types")
    return dict(yields)


def check_named(name: str) -> Check:
    """Return the function of a check.

    Raises RuleError where a check of a distribution is gone or cannot be loaded.
    """
    if "/" in name:
        return _guarded(name, _loaded(name)[1])
    check: Check = import_module(f"meshlint.checks.{name.replace('-', '_')}").check
    return check


def _loaded(name: str) -> tuple[Any, Check]:
    point = offered_checks().get(name)
    if point is None:
        raise RuleError(f"the check `{name}` is not installed")
    module_name, _, attribute = point.value.partition(":")
    try:
        module = import_module(module_name)
        return module, getattr(module, attribute or "check")
    except Exception as error:  # whatever the import of somebody else's code may raise
        told = f"{type(error).__name__}: {error}"
        raise RuleError(
            f"the check `{name}` of {point.distribution} {point.version} cannot be loaded: {told}"
        ) from error


def _guarded(name: str, check: Check) -> Check:
    """Say whose mistake it is when a check fails."""

    def guarded(model: Any, target: Any, params: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        try:
            return list(check(model, target, params))
        except Exception as error:
            raise RuleError(f"the check `{name}` failed: {type(error).__name__}: {error}") from error

    return guarded
