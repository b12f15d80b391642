"""Addresses that stand as literals in the text of a program.

In: a text and the suffix that names its language. Out: `Literal`s with their positions. Only string literals count:
comments and texts for readers (a docstring, the block above a function) are full of addresses that nobody calls. The
text is cut into comments and strings by one expression for each family of languages; no program is parsed, and nothing
is looked up. An address that is put together from parts has no host that a reader could trust, and gives none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from meshlint.errors import Position
from meshlint.records import NamedTuple

# A string that its line does not close is taken to the end of the line: so every character is looked at once.
_DOUBLE = r'"(?:\\.|[^"\\\n])*+"?'
_SINGLE = r"'(?:\\.|[^'\\\n])*+'?"
_BACKTICK = r"`(?:\\.|[^`\\])*+`?"
_BLOCK = r"/\*.*?(?:\*/|\Z)"


def _family(comments: str, strings: str) -> re.Pattern[str]:
    return re.compile(f"(?P<comment>{comments})|(?P<string>{strings})", re.DOTALL | re.MULTILINE)


_C = _family(rf"//[^\n]*|{_BLOCK}|<!--.*?(?:-->|\Z)", f'""".*?(?:"""|\\Z)|{_DOUBLE}|{_SINGLE}|{_BACKTICK}')
_RUST = _family(rf"//[^\n]*|{_BLOCK}", rf"{_DOUBLE}|'(?:\\.[^'\n]{{0,8}}|[^'\\\n])'")
_PHP = _family(rf"//[^\n]*|\#(?!\[)[^\n]*|{_BLOCK}", f"{_DOUBLE}|{_SINGLE}")
_PYTHON = _family(r'\#[^\n]*|""".*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)', f"{_DOUBLE}|{_SINGLE}")
_RUBY = _family(r"^=(?:begin|pod|head\d)\b.*?(?:^=(?:end|cut)\b|\Z)|\#(?!\{)[^\n]*", f"{_DOUBLE}|{_SINGLE}")
_ELIXIR = _family(r'\#(?!\{)[^\n]*|""".*?(?:"""|\Z)', f"{_DOUBLE}|{_SINGLE}")
_ERLANG = _family(r"%[^\n]*", _DOUBLE)
_LUA = _family(r"--\[\[.*?(?:\]\]|\Z)|--[^\n]*", f"{_DOUBLE}|{_SINGLE}")
_BASIC = _family(r"'[^\n]*", r'"[^"\n]*"')
_COBOL = _family(r"^[^\n]{6}\*[^\n]*|\*>[^\n]*", r"\"[^\"\n]*\"|'[^'\n]*'")

_FAMILIES = {
    ".rs": _RUST, ".php": _PHP, ".py": _PYTHON, ".rb": _RUBY, ".pl": _RUBY, ".pm": _RUBY, ".ex": _ELIXIR,
    ".exs": _ELIXIR, ".erl": _ERLANG, ".lua": _LUA, ".vb": _BASIC, ".cbl": _COBOL, ".cob": _COBOL, ".cpy": _COBOL,
}  # fmt: skip

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})){0,10}\.?"
_END = r"(?=[/?#\s\"'`,;)<>\\]|:\D|\Z)"  # a port may be put in later, a part of the host may not
_URL = re.compile(
    rf"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{{0,20}})://(?:[^@/\s\"'`]{{0,100}}@)?(?P<host>{_NAME})(?::(?P<port>\d{{1,5}}))?{_END}"
)
_BARE = re.compile(rf"(?P<host>{_NAME})(?::(?P<port>\d{{1,5}}))?{_END}")
_SCHEMES = re.compile(
    r"(?:https?|wss?|grpcs?|dns|tcp|tls|postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|nats|kafka|ldaps?|"
    r"s?ftp|memcached|sqlserver|oracle|jdbc:[a-z]+)",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:fetch|axios|request|get|post|put|patch|delete|head|options|open|send|url|uri|target|connect|dial|websocket|"
    r"eventsource|client|create|channel|download|call|proxy|file_get_contents|curl_init|new)\w*[!?]?(?:<[^<>()]{0,40}>)?"
    r"\s*\((?:[^()]{0,80},)?\s*(?:\w+\s*[=:]\s*)?[\w$@]{0,2}$",
    re.IGNORECASE,
)
_ADDRESS_NAME = re.compile(
    r"(?:url|uri|endpoint|host|base|server|upstream|target|addr\w*)\b[\"']?\]?\s*(?::=|[:=])\s*[\w$@]{0,2}$",
    re.IGNORECASE,
)
_NO_CALL = re.compile(
    r"origin|cors|allow|issuer|audience|redirect|callback|referr?er|href|xmlns|schema|licen[sc]e|docs?_?ur[li]|"
    r"\b(?:raise|throw|help)\b|\b(?:log(?:ger|ging)?|print\w*|puts|console|warn\w*|\w*error|info|debug|panic)\b[.\w]*\s*\(",
    re.IGNORECASE,
)
_MAY_HOLD = re.compile("[.:]")
_LINE_BEFORE = 160
_LONGEST_STRING = 2000


class Literal(NamedTuple):
    """Hold one address: a URL, or without `scheme` a name that counts only when it is that of a known service."""

    host: str
    port: int | None
    scheme: str
    used: bool  # it is handed to a call, or given a name that says that it is an address
    start: Position
    end: Position


def literals_of(text: str, suffix: str) -> Iterator[Literal]:
    """Yield the addresses in the string literals of a program, in their order.

    Those that stand where somebody is allowed, sent back to or told of an address are left out.
    """
    starts: list[int] = []
    for token in _FAMILIES.get(suffix, _C).finditer(text):
        string = token["string"]
        if string is None or len(string) < 2 or string[0] != string[-1] or not _MAY_HOLD.search(string):
            continue
        for host, port, scheme, first, last in _addresses(string):
            at = token.start()
            nearest = max(0, at - _LINE_BEFORE)
            before = text[max(nearest, text.rfind("\n", nearest, at) + 1) : at]
            if _NO_CALL.search(before):
                break
            used = _CALL.search(before) is not None or _ADDRESS_NAME.search(before) is not None
            starts = starts or [0, *(match.end() for match in re.finditer("\n", text))]
            yield Literal(host, port, scheme, used, _position(starts, at + first), _position(starts, at + last))


def _addresses(string: str) -> Iterator[tuple[str, int | None, str, int, int]]:
    found = False
    for match in _URL.finditer(string[:_LONGEST_STRING]):
        found = True
        if _SCHEMES.fullmatch(match["scheme"]) is not None:
            yield _host(match), _port(match), match["scheme"].lower(), match.start(), match.end()
    # A name without a scheme has to begin the string: in a sentence it would be no address.
    bare = None if found else _BARE.match(string, 1)
    if bare is not None and (bare["port"] or "." in bare["host"]):
        yield _host(bare), _port(bare), "", bare.start(), bare.end()


def _host(match: re.Match[str]) -> str:
    return match["host"].rstrip(".").lower()


def _port(match: re.Match[str]) -> int | None:
    return int(match["port"]) if match["port"] else None


def _position(starts: list[int], at: int) -> Position:
    line = bisect_right(starts, at)
    return Position(line, at - starts[line - 1] + 1)
