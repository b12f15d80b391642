"""The vocabulary is documented from the tables that rules are checked against, and what it says of CEL is true."""

from __future__ import annotations

import json
import re

import pytest

from meshlint.cli.main import run
from meshlint.policy.authoring.glossary import sections
from meshlint.policy.expressions.compiling import Compiler, ExpressionMistakes
from meshlint.policy.lexicon import builtin, unlisted
from meshlint.policy.rule_files.schema import KEYS
from meshlint.policy.templates import parse
from meshlint.policy.vocabulary import MESSAGES, Message
from meshlint.policy.vocabulary.language import FUNCTIONS, MACROS, OPERATORS, PARTS, REFUSED, TEMPLATES, Construct
from meshlint.policy.vocabulary.sources import SOURCES

FIELDS = [field for message in MESSAGES for field in message.fields]
LEXICON = builtin()


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    """Compile over the workload, of which all examples speak."""
    return Compiler(LEXICON, {"workload": "Workload"})


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_fact_is_documented(message: Message) -> None:
    """A fact has a meaning, as a clause and no sentence, and a type that exists; no two have one name."""
    assert message.meaning.endswith((".", "…"))
    names = [field.name for field in message.fields]
    assert len(names) == len(set(names)) > 0
    for field in message.fields:
        assert field.meaning.strip(), field.name
        assert not field.meaning.endswith("."), field.name
        inner = unlisted(field.type)[0].removeprefix("map ")
        assert inner in LEXICON.messages or inner in ("string", "bool", "int", "double", "dyn"), field.name


def test_every_source_belongs_to_a_group() -> None:
    """Nothing is told of what is not there."""
    assert SOURCES.keys() <= LEXICON.messages.keys()


def test_every_group_is_reached_from_a_target() -> None:
    """What no rule can ask for would be documented in vain."""
    reached = {group.message.name for one in sections(LEXICON) for group in (one.head, *one.nested)}
    assert {message.name for message in MESSAGES} - reached == {"Place"}


@pytest.mark.parametrize("construct", [*OPERATORS, *MACROS, *FUNCTIONS], ids=lambda construct: construct.written)
def test_what_may_be_written_compiles(compiler: Compiler, construct: Construct) -> None:
    """The examples of operators, macros and functions are expressions."""
    assert compiler.compile(construct.example).type in ("bool", "string")


@pytest.mark.parametrize("construct", REFUSED, ids=lambda construct: construct.written)
def test_what_is_refused_does_not(compiler: Compiler, construct: Construct) -> None:
    """The examples of what is refused are refused."""
    with pytest.raises(ExpressionMistakes):
        compiler.compile(construct.example)


def test_parts_of_rules_and_messages_are_what_they_are_said_to_be() -> None:
    """Keys exist in the schema of rules, templates can be read."""
    assert [part.written for part in PARTS if part.written not in KEYS] == []
    assert [len(parse(construct.example)[1]) for construct in TEMPLATES] == [1, 1, 2, 0]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Return what `vocabulary` says."""
    assert run(["vocabulary", *arguments]) == code
    told = capsys.readouterr()
    return told.err if code else told.out


@pytest.mark.parametrize(
    "word",
    [
        "workload",
        "edge",
        "networking.istio.io/DestinationRule",
        "HTTPRoute",
        "PortMtls",
        "workload.ports",
        "suppression",
    ],
)
def test_a_target_is_shown_with_all_that_it_holds(capsys: pytest.CaptureFixture[str], word: str) -> None:
    """Words, kinds with and without their group, groups and paths are found in every format."""
    told = printed(capsys, word)
    names = set(re.findall(r"(?m)^  ([a-z_]+) +(?:string|bool|int|double|list|map|[A-Z])", told))
    groups = json.loads(printed(capsys, word, "--format", "json"))["groups"]
    assert names == {fact["name"] for group in groups for fact in group["facts"] if group["name"] != "Place"}
    assert printed(capsys, word, "--format", "markdown").startswith("## `")


def test_unknown_facts_say_when(capsys: pytest.CaptureFixture[str]) -> None:
    """The reader sees type, meaning, when it is unknown, and the source."""
    told = printed(capsys, "workload")
    assert re.search(
        r"  meshed +bool +a proxy or ztunnel stands in its path\n +unknown when the Namespace manifest", told
    )
    assert "\nworkload.ports[].mtls  PortMtls: The effective PeerAuthentication mode of one port.\nsource: Peer" in told


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("worklod", "did you mean `workload`?"),
        ("DestinationRul", "did you mean `DestinationRule`?"),
        ("zzz", "targets are workload, service"),
        ("workload.prts", "did you mean `ports`?"),
        ("workload.name", "is a string and holds no facts"),
    ],
)
def test_a_target_that_is_none_is_a_mistake(capsys: pytest.CaptureFixture[str], word: str, expected: str) -> None:
    """It says what was probably meant."""
    assert expected in printed(capsys, word, code=2)


def test_the_page_describes_every_fact_once_and_every_link_leads_somewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """Markdown and JSON hold the whole vocabulary."""
    page = printed(capsys, "--format", "markdown")
    anchors = re.findall(r'<a id="([^"]+)">', page)
    assert len(anchors) == len(set(anchors)) == len(MESSAGES)
    assert set(re.findall(r"\(#([^)]+)\)", page)) <= set(anchors)
    assert len(re.findall(r"(?m)^\| `[a-z_]+` \| ", page.partition("## Targets")[2])) - len(LEXICON.targets) == len(
        FIELDS
    )
    told = json.loads(printed(capsys, "--format", "json"))
    assert sum(len(group["facts"]) for group in told["groups"]) == len(FIELDS)
    assert printed(capsys).startswith("Targets\n  workload ")
