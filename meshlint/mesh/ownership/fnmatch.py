"""Shell globs as Ruby's `File.fnmatch` reads them with FNM_PATHNAME and FNM_DOTMATCH, as GitLab does.

In: a pattern of a GitLab entry. Out: its normal form, by which a section recognises a repeated pattern, and a
`Glob`. Here `**/` skips folders only at the start of a segment; any other `**` is a plain `*`; `x` is the
file x, never what lies below it.
"""

from __future__ import annotations

import re

from meshlint.mesh.ownership.globs import ANY, GLOBSTAR, RUN, Glob, Segment, Token


def glob_of(pattern: str) -> tuple[str, Glob]:
    """Normalise a pattern (no leading `/`: any depth; trailing `/`: all below) and compile it."""
    normal = _normal(pattern)
    segments: list[Segment] = []
    position = 1  # the normal form starts with a slash, and so does every path that GitLab asks about
    while True:
        while normal.startswith("**/", position):
            segments.append(GLOBSTAR)
            position += 3
        read = _segment(normal, position)
        if read is None:
            return normal, Glob(None)
        tokens, position = read
        segments.append(tuple(tokens))
        if position >= len(normal):
            return normal, Glob(segments)
        position += 1


def _normal(pattern: str) -> str:
    if pattern == "*":
        return "/**/*"
    text = re.sub(r"\A\\#", "#", pattern)
    text = re.sub(r"\\\s+", " ", text, flags=re.ASCII)
    text = text if text.startswith("/") else f"/**/{text}"
    return f"{text}**/*" if text.endswith("/") else text


def _segment(text: str, position: int) -> tuple[list[Token], int] | None:
    """Read up to the next slash; None when an unclosed or empty `[` makes the pattern match nothing."""
    tokens: list[Token] = []
    while position < len(text):
        character = text[position]
        if character == "\\" and position + 1 < len(text):
            position += 1
            character = text[position]
            if character == "/":
                break
            tokens.append(Token("literal", character))
        elif character == "/":
            break
        elif character == "[":
            read = _class(text, position + 1)
            if read is None:
                return None
            token, position = read
            tokens.append(token)
            continue
        else:
            tokens.append({"*": RUN, "?": ANY}.get(character) or Token("literal", character))
        position += 1
    return tokens, position


def _class(text: str, position: int) -> tuple[Token, int] | None:
    """Read a character class after its `[`; a slash may stand in it but never matches."""
    negated = text[position : position + 1] in ("!", "^") and position < len(text)
    position += negated
    ranges: list[str] = []
    while position < len(text):
        if text[position] == "]":
            return _one_of(ranges, negated), position + 1
        first, position = _character(text, position)
        last = first
        if text[position : position + 1] == "-" and text[position + 1 : position + 2] not in ("]", ""):
            last, position = _character(text, position + 1)
        if first <= last:
            ranges.append(f"{re.escape(first)}-{re.escape(last)}")
        else:
            ranges += [
                re.escape(first),
                re.escape(last),
            ]  # Ruby still matches the two ends of a reversed range
    return None


def _character(text: str, position: int) -> tuple[str, int]:
    if text[position] == "\\" and position + 1 < len(text):
        position += 1
    return text[position], position + 1


def _one_of(ranges: list[str], negated: bool) -> Token:
    if not ranges:
        return ANY if negated else Token("one", r"(?!)")
    return Token("one", f"(?!/)[{'^' if negated else ''}{''.join(ranges)}]")
