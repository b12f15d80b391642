"""Find the word that somebody meant.

In: a word and the words that exist. Out: the nearest of them, or nothing. Imports difflib only when asked:
that is the way of a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like this one, whatever its case and signs; None when none is near."""
    from difflib import SequenceMatcher, get_close_matches

    by_core = {_core(candidate): candidate for candidate in sorted(known, reverse=True)}
    found = get_close_matches(_core(word), sorted(by_core), n=10, cutoff=0.6)
    alike = SequenceMatcher(b=_core(word))
    ratios: list[tuple[float, str]] = []
    for core in found:
        alike.set_seq1(core)
        ratios.append((-alike.ratio(), core))  # of equals the first by name
    return by_core[min(ratios)[1]] if ratios else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the question with the nearest word, or the words there are when none is near."""
    words = sorted(known)
    found = nearest(word, words)
    if found:
        return f"did you mean `{found}`?"
    return f"one of {', '.join(words)}" if 0 < len(words) <= 20 else ""


def _core(word: str) -> str:
    return "".join(character for character in word.lower() if character.isalnum())
