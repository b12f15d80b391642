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


def contradictions(settings: Settings, known: Sequence[KnownRule], base: Settings | None = None) -> list[Contradiction]:
    """Return what `ignore` and `rules`, in overrides too, take away from `mandatory`.

    `base` is the configuration that says what is mandatory, when it is another one; then tuning is up to that one, too.
    """
    found: list[Contradiction] = []
    parts: list[Settings | Override] = [settings, *settings.overrides]
    for part in parts:
        found += _in_part(part, known, base or settings, is_foreign=base is not None and base is not settings)
    return found


def _in_part(
    part: Settings | Override, known: Sequence[KnownRule], base: Settings, *, is_foreign: bool
) -> list[Contradiction]:
    found: list[Contradiction] = []
    above = part.pointer if isinstance(part, Override) else ""
    of = f" of {base.path}" if is_foreign else ""
    for position, word in enumerate(part.ignore):
        for rule, why in _clashes(base, known, word):
            told = f"`ignore` leaves out {rule.id}, which {why}{of} makes mandatory"
            found.append((f"{above}/ignore/{position}", told, _remedy(word)))
            break
    for word, setting in part.rules.items():
        at = setting.pointer or f"/rules/{word.replace('~', '~0').replace('/', '~1')}"
        for rule, why in _clashes(base, known, word):
            if setting.enabled is False:
                told = f"{rule.id} is switched off, although {why}{of} makes it mandatory"
                found.append((f"{at}/enabled", told, _remedy(word)))
            if setting.severity and rule.severity and is_softer(setting.severity, rule.severity):
                change = f"from {rule.severity} to {setting.severity}"
                told = f"{rule.id} is softened {change}, although {why}{of} makes it mandatory"
                found.append((f"{at}/severity", told, _remedy(word)))
            if setting.params and is_foreign:
                told = f"{rule.id} is tuned in a folder, although {why}{of} makes it mandatory"
                found.append((f"{at}/params", told, f"tune it in {base.path}"))
    return found


def refuse_ignored(settings: Settings, known: Sequence[KnownRule], ignored: Iterable[str]) -> None:
    """Refuse what `--ignore` leaves out of the mandatory rules.

    Raises UsageError that points to the configuration.
    """
    for word in ignored:
        for rule, _ in _clashes(settings, known, word):
            pointer, path = _pointer(settings, rule), settings.path or ""
            span = places_of(settings.text, path, [pointer])[pointer]
            place = Location(path, span.start, span.end, pointer)
            raise UsageError(
                f"--ignore {word} leaves out {rule.id}, which the configuration makes mandatory",
                location=place,
                help="leave it out of --ignore; who owns the configuration decides about `mandatory`",
            )


def _clashes(settings: Settings, known: Sequence[KnownRule], word: str) -> Iterator[tuple[KnownRule, str]]:
    """Yield the mandatory rules that a word means, each with the line that makes it so."""
    for rule in known:
        if rule.is_named(word) and any(rule.is_named(always) for always in settings.mandatory):
            pointer = _pointer(settings, rule)
            line = places_of(settings.text, settings.path or "", [pointer])[pointer].start.line
            yield rule, f"`mandatory` in line {line}"


def _pointer(settings: Settings, rule: KnownRule) -> str:
    position = next(at for at, always in enumerate(settings.mandatory) if rule.is_named(always))
    return f"/mandatory/{position}"


def _remedy(word: str) -> str:
    return f"remove one of the two: what leaves out `{word}`, or what makes it mandatory"
