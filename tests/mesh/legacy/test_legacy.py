"""Legacy raw TCP ports: when they are legacy, and what settles them."""

from __future__ import annotations

import pytest

from meshlint.config.model import LegacySelector, Settings
from meshlint.mesh.exceptions import exemption_of, is_date
from meshlint.mesh.legacy.legacy import LegacyPort
from tests.mesh.build import TODAY, deployment, mesh, namespace

SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: cobol, namespace: {namespace}, annotations: {annotations}}}
spec:
  selector: {{app: cobol}}
  ports: [{{name: {port}, port: 3270}}]
---
"""
OUTSIDE = namespace("old", "{}") + deployment("cobol", "old", ports=(3270,))
INSIDE = namespace("shop") + deployment("cobol", "shop", ports=(3270,))
MARK = '{meshlint.dev/legacy: "true"}'


def caller(name: str, place: str, host: str) -> str:
    """Write a Deployment that calls a host."""
    return deployment(name, place).replace("image: x", f'image: x, env: [{{name: COBOL_ADDR, value: "{host}"}}]')


def service(place: str, annotations: str = "{}", port: str = "tcp-cobol") -> str:
    """Write the Service of the old program."""
    return SERVICE.format(namespace=place, annotations=annotations, port=port)


def legacy(text: str, settings: Settings | None = None) -> LegacyPort | None:
    """Return what is known of the one port."""
    return next(iter(mesh(text, settings).legacy.values()), None)


def test_plain_tcp_between_two_meshed_ends_is_fine() -> None:
    """mTLS carries raw TCP as it is."""
    assert legacy(INSIDE + service("shop") + caller("web", "shop", "cobol:3270")) is None


def test_a_server_outside_that_a_meshed_caller_reaches() -> None:
    """The call is plain text without a word."""
    found = legacy(OUTSIDE + service("old") + namespace("shop") + caller("web", "shop", "cobol.old:3270"))
    assert found is not None and (found.server, found.adapter.state) == ("outside", "none")


def test_a_caller_outside_of_a_meshed_server() -> None:
    """STRICT cuts it off."""
    found = legacy(INSIDE + service("shop") + namespace("old", "{}") + caller("job", "old", "cobol.shop:3270"))
    assert found is not None and found.server == "meshed"


def test_unknown_callers_of_an_unmarked_port_say_nothing() -> None:
    """Nobody is known to be cut off."""
    assert legacy(OUTSIDE + service("old")) is None


def test_a_caller_of_unknown_membership_says_nothing() -> None:
    """The border is crossed only between ends that are both known."""
    assert legacy(INSIDE + service("shop") + caller("job", "old", "cobol.shop:3270")) is None


def test_a_mark_makes_it_legacy() -> None:
    """The annotation of the Service is enough."""
    found = legacy(INSIDE + service("shop", MARK))
    assert found is not None and found.because == "Service shop/cobol says so"


def test_http_is_never_legacy_tcp() -> None:
    """A mark speaks of raw TCP ports only."""
    assert legacy(INSIDE + service("shop", MARK, "http")) is None


def test_the_configuration_makes_it_legacy() -> None:
    """`legacy:` selects by namespace, service and port."""
    settings = Settings(legacy=(LegacySelector("shop", "cobol", None, (3270,)),))
    assert legacy(INSIDE + service("shop"), settings) is not None
    settings = Settings(legacy=(LegacySelector("shop", "cobol", None, (99,)),))
    assert legacy(INSIDE + service("shop"), settings) is None


@pytest.mark.parametrize(
    ("name", "state"), [("front", "found"), ("front.shop", "found"), ("nobody", "missing"), ("nobody.far", None)]
)
def test_adapters(name: str, state: str | None) -> None:
    """An adapter counts when it exists and is in the mesh; in an undescribed namespace nobody knows."""
    front = namespace("shop") + deployment("front", "shop")
    front += SERVICE.replace("cobol", "front").format(namespace="shop", annotations="{}", port="tcp-front")
    where = "old" if "." in name else "shop"
    text = service(where, f'{{meshlint.dev/legacy: "true", meshlint.dev/adapter: {name}}}')
    found = mesh(OUTSIDE + INSIDE + front + text).legacy
    assert {port.adapter.state for port in found.values()} == {state}


def test_an_adapter_outside_the_mesh_is_none() -> None:
    """A plain proxy in front of a plain server settles nothing."""
    text = service("old", '{meshlint.dev/legacy: "true", meshlint.dev/adapter: cobol}')
    found = legacy(OUTSIDE + text)
    assert found is not None and found.adapter.state == "outside"


@pytest.mark.parametrize(
    ("annotations", "state"),
    [
        ({}, "none"),
        ({"meshlint.dev/owner": "@a"}, "incomplete"),
        ({"meshlint.dev/owner": "@a", "meshlint.dev/reason": "r", "meshlint.dev/expires": "soon"}, "incomplete"),
        ({"meshlint.dev/owner": "@a", "meshlint.dev/reason": "r", "meshlint.dev/expires": "2026-11-23"}, "expired"),
        ({"meshlint.dev/owner": "@a", "meshlint.dev/reason": "r", "meshlint.dev/expires": "2026-11-24"}, "complete"),
    ],
)
def test_exceptions_need_owner_reason_and_date(annotations: dict[str, str], state: str) -> None:
    """The last day still counts."""
    assert exemption_of(annotations, TODAY).state == state


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-32", "", "x", "²026-01-01"]
)
def test_what_is_no_date(text: str) -> None:
    """Only calendar dates written YYYY-MM-DD compare as text."""
    assert not is_date(text) and is_date("2028-02-29")


def test_what_is_missing_is_named_without_an_article() -> None:
    """The note on undecided judgements writes the article itself."""
    text = """
apiVersion: v1
kind: Service
metadata: {name: cobol, namespace: shop, annotations: {meshlint.dev/legacy: "true", meshlint.dev/adapter: front}}
spec: {ports: [{name: tcp-x, port: 9000}]}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {ports: [{name: tcp-x, port: 9000}]}
"""
    (found,) = mesh(text).legacy.values()
    assert found.missing == {"server": "workloads behind the service", "adapter": "workloads behind front"}
