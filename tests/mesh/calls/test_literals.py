"""Addresses in program texts: strings count, comments and sentences do not."""

from __future__ import annotations

import pytest

from meshlint.mesh.calls.literals import Literal, literals_of


def found(text: str, suffix: str) -> list[str]:
    """Return the addresses in a text as scheme, host and port."""
    return [f"{item.scheme}|{item.host}|{item.port or ''}" for item in literals_of(text, suffix)]


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".js", "await fetch('http://voting-svc/votes/confirm')"),
        (".ts", "const url = `http://voting-svc/votes/${id}`;"),
        (".py", 'requests.get(f"http://voting-svc/votes/{number}")'),
        (".go", 'http.Get("http://voting-svc:" + port)\nx := "http://voting-svc/"'),
        (".java", 'HttpRequest.newBuilder(URI.create("http://voting-svc"))'),
        (".kt", 'val text = """http://voting-svc"""'),
        (".rs", "fn f<'a>(c: &'a Client) { c.get(\"http://voting-svc/x\") }"),
        (".php", "curl_init('http://voting-svc/x');"),
        (".rb", 'Net::HTTP.get(URI("http://voting-svc/x"))'),
        (".lua", 'http.request("http://voting-svc/x")'),
        (".vb", 'client.GetAsync("http://voting-svc/x")'),
        (".cbl", "000100     MOVE 'http://voting-svc/x' TO WS-URL."),
        (".ex", 'HTTPoison.get!("http://voting-svc/x")'),
    ],
)
def test_a_url_in_a_string_is_found(suffix: str, text: str) -> None:
    """Whatever the quotes of the language are."""
    assert "http|voting-svc|" in found(text, suffix)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".js", "// fetch('http://voting-svc')\n/* fetch('http://voting-svc') */"),
        (".ts", "/** see 'http://voting-svc'"),
        (".py", '# get("http://voting-svc")\ndef f():\n    """Call \'http://voting-svc\'."""\n'),
        (".rb", "# get('http://voting-svc')\n=begin\nget('http://voting-svc')\n=end\n"),
        (".php", "# 'http://voting-svc'\n// 'http://voting-svc'"),
        (".lua", "-- 'http://voting-svc'\n--[[ 'http://voting-svc' ]]"),
        (".vb", '\' see "http://voting-svc"'),
        (".cbl", "000100*    MOVE 'http://voting-svc' TO WS-URL.\n000200 *> 'http://voting-svc'"),
        (".erl", '% "http://voting-svc"'),
        (".vue", "<!-- fetch('http://voting-svc') -->"),
    ],
)
def test_a_comment_calls_nobody(suffix: str, text: str) -> None:
    """Line comments, block comments and docstrings are passed by, unfinished ones too."""
    assert found(text, suffix) == []


def test_a_slash_in_a_string_begins_no_comment() -> None:
    """What follows a URL on its line is still read."""
    assert found('f("http://a.shop/x"); g("http://b.shop/y")', ".js") == ["http|a.shop|", "http|b.shop|"]


@pytest.mark.parametrize(
    "text",
    [
        '"http://${host}/x"',
        '"http://s3.${region}.amazonaws.com"',
        '"http://voting-{}/x"',
        '"http://voting-%s/x"',
        '"see voting-svc: it votes"',
        '"file://voting-svc/x"',
        '"user.name"',
        "http://voting-svc",
    ],
)
def test_an_address_that_nobody_can_trust_gives_none(text: str) -> None:
    """Hosts put together from parts, words in sentences, other schemes and bare text are no addresses of a host."""
    assert [item for item in found(text, ".js") if item != "|user.name|"] == []


def test_a_host_stays_known_when_its_port_is_put_in_later() -> None:
    """`http://host:${port}` names the host."""
    assert found("`http://voting-svc:${port}/x`", ".js") == ["http|voting-svc|"]


def test_a_bare_address_has_to_begin_its_string() -> None:
    """Host and port, or a name with dots."""
    assert found('"voting-svc:8080"', ".go") == ["|voting-svc|8080"]
    assert found('"voting-svc.hms.svc.cluster.local"', ".go") == ["|voting-svc.hms.svc.cluster.local|"]
    assert found('"at voting-svc:8080"', ".go") == []


@pytest.mark.parametrize(
    "text",
    [
        "allowedOrigins: ['http://voting-svc']",
        "console.log('http://voting-svc')",
        "throw new Error('no http://voting-svc')",
        "redirect_uri = 'http://voting-svc'",
    ],
)
def test_who_is_allowed_or_told_is_not_called(text: str) -> None:
    """The words before a string may say that it is no destination."""
    assert found(text, ".js") == []


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("fetch('https://api.city.gov/x')", True),
        ("axios.get<Vote>('https://api.city.gov/x')", True),
        ("http.NewRequest('GET', 'https://api.city.gov/x')", True),
        ("const baseUrl = 'https://api.city.gov'", True),
        ("{'url': 'https://api.city.gov'}", True),
        ("requests.get(f'https://api.city.gov/x')", True),
        ("text = 'https://api.city.gov'", False),
    ],
)
def test_a_call_or_a_name_says_that_an_address_is_used(text: str, used: bool) -> None:
    """Whether an unknown host is called shows in what stands before it."""
    (item,) = literals_of(text, ".js")
    assert item.used is used


def test_a_literal_knows_where_it_stands() -> None:
    """Lines and columns from 1, in characters."""
    (item,) = literals_of("// é\n\nfetch('http://voting-svc/x')\n", ".js")
    assert item == Literal("voting-svc", None, "http", True, (3, 8), (3, 25))


def test_cutting_a_text_stays_linear() -> None:
    """Openings that are never closed cost one look."""
    for text in ("/*" * 20_000, '"""' * 10_001, '"\\' * 20_000, "`" + "\\`" * 20_000, "http://" * 10_000):
        assert found(text, ".ts") == []
        assert found(text, ".py") == []
