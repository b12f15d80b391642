"""Which characters of an expression's text a node stands for.

In: the text, and the offsets of the nodes below one node. Out: where the text of that node begins and ends. CEL keeps
one offset a node, that of an operator, a dot or a parenthesis; the rest follows from the words and from brackets, which
close where they were opened.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_WORDS = re.compile(
    r"""\s+|//[^\n]*|[rRbB]*(?:'{3}.*?'{3}|"{3}.*?"{3}|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
    r"""|\.\s*[A-Za-z_]\w*|[A-Za-z_]\w*|\d[\w.]*(?:[eE][+-]?\d+)?|&&|\|\||[=!<>]=|.""",
    re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def extent(text: str, offsets: Collection[int]) -> tuple[int, int]:
    """Return the first character of what the offsets span, and the one behind the last."""
    words = [found.span() for found in _WORDS.finditer(text)]
    first = _index(words, min(offsets))
    last = _index(words, max(offsets))
    if text[words[first][0]] == "(" and first and re.match(r"\w", text[words[first - 1][0]]):
        first -= 1  # of a function the parenthesis is told
    opened, unopened = _unbalanced(text, words[first : last + 1])
    while opened and last + 1 < len(words):
        last += 1
        word = text[slice(*words[last])]
        opened += (word in _CLOSING) - (word in _CLOSING.values())
    while unopened and first:
        first -= 1
        word = text[slice(*words[first])]
        unopened += (word in _CLOSING.values()) - (word in _CLOSING)
    return words[first][0], words[last][1]


def _index(words: list[tuple[int, int]], offset: int) -> int:
    return next((i for i, (start, end) in enumerate(words) if start <= offset < end), len(words) - 1)


def _unbalanced(text: str, words: list[tuple[int, int]]) -> tuple[int, int]:
    """Return how many brackets are opened and not closed, and closed and not opened."""
    opened = unopened = 0
    for span in words:
        word = text[slice(*span)]
        if word in _CLOSING:
            opened += 1
        elif word in _CLOSING.values():
            if opened:
                opened -= 1
            else:
                unopened += 1
    return opened, unopened
