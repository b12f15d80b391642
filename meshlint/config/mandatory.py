"""Hold what a configuration and its caller leave out against what the configuration makes mandatory.

In: settings, the known rules, the words of `--ignore`. Out: what contradicts, with both places. A suppression of what a
mandatory rule finds is no mistake: it has no effect, and is a finding. On the way of every run, so it imports nothing
that only mistakes need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from meshlint.config.model import KnownRule, Override, Settings, is_softer
from meshlint.config.places import places_of
from meshlint.errors import Location, UsageError

Contradiction = tuple[str, str, str]
"""The pointer to the value that takes a rule away, what is wrong with that, and a way out."""


def contradictions(settings: Settings, by: Settings, known: Sequence[KnownRule]) -> list[Contradiction]:
    """Return what a file takes away of what is mandatory `by` itself, or by the configuration of the run."""
    found = _hidden(settings, by, known) if settings is not by else []
    found += _taken_away(settings, "", settings, by, known)
    for override in settings.overrides:
        found += _taken_away(override, override.pointer, settings, by, known)
    return found


def _hidden(settings: Settings, by: Settings, known: Sequence[KnownRule]) -> list[Contradiction]:
    """Return that the file of a subtree leaves manifests out: what is not read breaks no mandatory rule."""
    if not settings.exclude:
        return []
    for rule in known:
        for _, why in _clashes(settings, by, [rule], rule.id):
            told = f"`exclude` hides files from {rule.id}, which {why} makes mandatory"
            return [("/exclude", told, f"exclude them in {by.path}" if by.path else "leave it out")]
    return []


def _taken_away(
    part: Settings | Override, above: str, settings: Settings, by: Settings, known: Sequence[KnownRule]
) -> list[Contradiction]:
    found: list[Contradiction] = []
    for position, word in enumerate(part.ignore):
        for rule, why in _clashes(settings, by, known, word):
            told = f"`ignore` leaves out {rule.id}, which {why} makes mandatory"
            found.append((f"{above}/ignore/{position}", told, _remedy(word)))
            break
    for word, setting in part.rules.items():
        at = setting.pointer or f"{above}/rules/{word.replace('~', '~0').replace('/', '~1')}"
        for rule, why in _clashes(settings, by, known, word):
            if setting.enabled is False:
                told = f"{rule.id} is switched off, although {why} makes it mandatory"
                found.append((f"{at}/enabled", told, _remedy(word)))
            if setting.severity and rule.severity and is_softer(setting.severity, rule.severity):
                change = f"from {rule.severity} to {setting.severity}"
                told = f"{rule.id} is softened {change}, although {why} makes it mandatory"
                found.append((f"{at}/severity", told, _remedy(word)))
            if setting.params and settings is not by:
                told = f"{rule.id} is tuned in a folder, although {why} makes it mandatory"
                found.append((f"{at}/params", told, f"tune it in {by.path}"))
    return found


def refuse_ignored(settings: Settings, known: Sequence[KnownRule], ignored: Iterable[str]) -> None:
    """Refuse what `--ignore` leaves out of the mandatory rules.

    Raises UsageError that points to the configuration.
    """
    for word in ignored:
        for rule, _ in _clashes(settings, settings, known, word):
            told = f"--ignore {word} leaves out {rule.id}, which"
            if rule.mandatory:
                raise UsageError(f"{told} its pack makes mandatory", help="leave it out of --ignore")
            pointer, path = _pointer(settings, rule), settings.path or ""
            span = places_of(settings.text, path, [pointer])[pointer]
            raise UsageError(
                f"{told} the configuration makes mandatory",
                location=Location(path, span.start, span.end, pointer),
                help="leave it out of --ignore; who owns the configuration decides about `mandatory`",
            )


def _clashes(
    settings: Settings, by: Settings, known: Sequence[KnownRule], word: str
) -> Iterator[tuple[KnownRule, str]]:
    """Yield the mandatory rules that a word means, each with who makes it so."""
    for rule in known:
        if not rule.is_named(word):
            continue
        if rule.mandatory:
            yield rule, "its pack"
        elif any(rule.is_named(always) for always in by.mandatory):
            pointer = _pointer(by, rule)
            line = places_of(by.text, by.path or "", [pointer])[pointer].start.line
            yield rule, f"`mandatory` in line {line}" + ("" if by is settings else f" of {by.path}")


def _pointer(settings: Settings, rule: KnownRule) -> str:
    position = next(at for at, always in enumerate(settings.mandatory) if rule.is_named(always))
    return f"/mandatory/{position}"


def _remedy(word: str) -> str:
    return f"remove one of the two: what leaves out `{word}`, or what makes it mandatory"
