"""Suppressions in annotations: our own, and those of Kiali and Istio for their codes."""

from __future__ import annotations

import pytest

from meshlint.findings.finding import Finding
from tests.judge import judged

RULES = ("RES001", "MTL001", "AUT002", "RTE001", "HYG026", "HYG027", "HYG030", "HYG031")
OURS = "meshlint.dev/ignore"
WHY = "owner=@shop/web until=2027-01-31 for a while"
NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
"""
BEHIND = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: behind, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
"""
SERVICE = """---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: {%s}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
"""
WORKLOAD = """---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations: {%s}
spec:
  template:
    metadata: {labels: {app: web}, annotations: {%s}}
    spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}
"""


def said(text: str, *rules: str, **options: object) -> list[str]:
    """Return which of the rules speak about a text, those about suppressions included."""
    return [finding.rule for finding in findings(text, *rules, **options)]


def findings(text: str, *rules: str, **options: object) -> list[Finding]:
    """Return the findings of the rules on a text."""
    chosen = (*rules, "HYG026", "HYG027", "HYG030", "HYG031")
    files = {"a.yaml": NAMESPACE + text, "behind.yaml": BEHIND if "RES001" in rules else ""}
    return judged(files, select=chosen, **options)


@pytest.mark.parametrize("name", ["RES001", "missing-circuit-breaker", "MTL001, RES001", "MTL001 ,RES001"])
def test_an_annotation_speaks_of_its_object(name: str) -> None:
    """By id or name, several of them between commas."""
    assert "RES001" in said(SERVICE % "", "RES001")
    assert "RES001" not in said(SERVICE % f'{OURS}: "{name} {WHY}"', "RES001")


def test_it_speaks_of_no_other_object() -> None:
    """The annotation of a workload says nothing of its Service, and is told to be of no use."""
    text = WORKLOAD % (f'{OURS}: "RES001 {WHY}"', "") + SERVICE % ""
    assert sorted(said(text, "RES001")) == ["HYG027", "RES001"]


def test_that_of_a_namespace_speaks_of_the_namespace_alone() -> None:
    """What stands in it has owners of its own."""
    text = NAMESPACE.replace("{name: shop", f'{{name: shop, annotations: {{{OURS}: "RES001, AUT001 {WHY}"}}') + SERVICE
    found = judged({"a.yaml": text % "" + BEHIND}, select=("RES001", "AUT001"))
    assert [finding.rule for finding in found] == ["RES001"]


@pytest.mark.parametrize(
    ("kind", "api", "spec"),
    [
        ("StatefulSet", "apps/v1", "{template: %s}"),
        ("CronJob", "batch/v1", "{jobTemplate: {spec: {template: %s}}}"),
        ("Rollout", "argoproj.io/v1alpha1", "{template: %s}"),
        ("Widget", "example.com/v1", "{template: %s}"),
    ],
)
def test_a_pod_template_speaks_of_its_workload(kind: str, api: str, spec: str) -> None:
    """Wherever the kind keeps its template; the place is that of the value."""
    template = "{metadata: {labels: {app: web}, annotations: {%s}}, spec: {containers: [{name: a, image: x}]}}"
    head = f"---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\nspec: {spec % template}\n"
    assert said(head % "", "AUT002") == ["AUT002"]
    assert said(head % f'{OURS}: "AUT002 {WHY}"', "AUT002") == []
    told = findings(head % f"{OURS}: AUT002", "AUT002")
    assert [(item.rule, item.resource.kind, item.location.start.line) for item in told] == [("HYG026", kind, 9)]
    assert told[0].location.pointer.endswith("/template/metadata/annotations/meshlint.dev~1ignore")


def test_the_template_of_jobs_speaks_of_the_cron_job() -> None:
    """It stands between the object and its pods."""
    inner = "{template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}"
    spec = f"{{jobTemplate: {{metadata: {{annotations: {{{OURS}: AUT002}}}}, spec: {inner}}}}}"
    text = f"---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: web, namespace: shop}}\nspec: {spec}\n"
    found = findings(text, "AUT002")
    assert [(finding.rule, finding.location.pointer) for finding in found] == [
        ("HYG026", "/spec/jobTemplate/metadata/annotations/meshlint.dev~1ignore")
    ]


def test_a_pod_is_its_own_template() -> None:
    """Its annotation is read once."""
    pod = f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop, annotations: {{{OURS}: AUT002}}}}\n"
    assert said(pod + "spec: {containers: [{name: a}]}\n", "AUT002") == ["HYG026"]


def test_every_line_is_a_suppression_of_its_own() -> None:
    """So that each has its own reason and date."""
    lines = f"AUT002 {WHY}\n      MTL001 until=2026-11-23 owner=@shop/web it was planned so"
    text = WORKLOAD.replace("{%s}", "\n    meshlint.dev/ignore: |\n      %s", 1) % (lines, "")
    found = findings(text, "AUT002", "MTL001")
    assert sorted(finding.rule for finding in found) == ["HYG026", "MTL001"]
    assert "expired on 2026-11-23" in next(finding.message for finding in found if finding.rule == "HYG026")


@pytest.mark.parametrize("value", ["", "until=2027-01-31 owner=@o why", "ignore[RES001] why", ", RES001", "- RES001"])
def test_what_names_no_rule_is_said_at_its_place(value: str) -> None:
    """It takes nothing out."""
    found = findings(SERVICE % f'{OURS}: "{value}"', "RES001")
    assert sorted(finding.rule for finding in found) == ["HYG026", "RES001"]
    told = next(finding for finding in found if finding.rule == "HYG026")
    assert "meshlint.dev/ignore on Service shop/web is no suppression that meshlint reads" in told.message
    assert (told.location.start.line, told.location.pointer) == (8, "/metadata/annotations/meshlint.dev~1ignore")


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("RES001", "lacks an owner, a reason"),
        ("RES001 owner=@o", "lacks a reason"),
        ("RES001 owner=@o until=soon why", "holds until=soon"),
        ("RES001 owner=@o until=2026-11-23 why", "expired on 2026-11-23"),
    ],
)
def test_the_fields_are_those_of_a_comment(value: str, fault: str) -> None:
    """What is missing, unreadable or past is told."""
    told = [f.message for f in findings(SERVICE % f'{OURS}: "{value}"', "RES001") if f.rule == "HYG026"]
    assert [fault in message for message in told] == [True]


def test_an_unknown_rule_is_told_with_the_one_that_was_meant() -> None:
    """A misspelt name silences nothing."""
    found = findings(SERVICE % f'{OURS}: "missing-circut-breaker {WHY}"', "RES001")
    assert sorted(finding.rule for finding in found) == ["HYG027", "RES001"]
    assert any("did you mean `missing-circuit-breaker`?" in finding.message for finding in found)


def test_a_port_is_not_opened_by_half_an_exception() -> None:
    """Rules whose exceptions open a port want owner, reason and expiry, here as well."""
    assert sorted(said(WORKLOAD % (f'{OURS}: "MTL001 owner=@o why"', ""), "MTL001")) == ["HYG026", "MTL001"]
    assert said(WORKLOAD % (f'{OURS}: "MTL001 {WHY}"', ""), "MTL001") == []


def test_namesakes_have_to_agree() -> None:
    """Of two objects of one name, one alone speaks for findings in its own file only."""
    one, other = SERVICE % f'{OURS}: "RES001 {WHY}"', SERVICE % ""
    trees = "environments: {a: [a/**], b: [b/**]}\n"
    files = {"n.yaml": NAMESPACE + BEHIND, "a/s.yaml": one, "b/s.yaml": other, ".meshlint.yaml": trees}
    assert [f.location.path for f in judged(files, select=("RES001",))] == ["b/s.yaml"]
    assert judged(files | {"b/s.yaml": one.replace("port: 80", "port: 81")}, select=("RES001",)) == []


ROUTE = """---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop, annotations: {%s}}
spec: {hosts: [web.shop.svc.cluster.local], http: [{route: [{destination: {host: none.shop.svc.cluster.local}}]}]}
"""


@pytest.mark.parametrize(
    ("annotation", "silent"),
    [
        ("kiali.io/ignore-validations: KIA1101", True),
        ('kiali.io/ignore-validations: "KIA0203, KIA1101"', True),
        ('kiali.io/ignore-validations: ""', True),
        ("kiali.io/ignore-validations: KIA0203", False),
        ("galley.istio.io/analyze-suppress: IST0101", True),
        ("galley.istio.io/analyze-suppress: 'IST0103,IST0101'", True),
        ('galley.istio.io/analyze-suppress: "*"', True),
        ('galley.istio.io/analyze-suppress: ""', False),
        ("galley.istio.io/analyze-suppress: IST0103", False),
    ],
)
def test_the_codes_of_other_tools_are_understood(annotation: str, silent: bool) -> None:
    """They mean the rules that judge the same; they can give no reason, which is said without weight."""
    assert said(SERVICE % "" + ROUTE % "", "RTE001") == ["RTE001"]
    found = findings(SERVICE % "" + ROUTE % annotation, "RTE001")
    assert ("RTE001" not in [finding.rule for finding in found]) is silent
    told = next(finding for finding in found if finding.rule == "HYG026")
    key = annotation.partition(":")[0]
    assert (told.severity, told.message) == ("info", f"{key} on VirtualService shop/web lacks an owner, a reason")
    assert not [finding for finding in found if finding.rule == "HYG027"]


def test_all_codes_of_a_tool_are_too_many() -> None:
    """An empty value of Kiali's and a star of Istio's mean whatever comes."""
    for annotation in ('kiali.io/ignore-validations: ""', 'galley.istio.io/analyze-suppress: "*"'):
        rows = [f for f in findings(ROUTE % annotation) if f.rule == "HYG030"]
        assert [row.severity for row in rows] == ["info"]


def test_nothing_is_demanded_where_the_configuration_demands_nothing() -> None:
    """The annotations of others are documented elsewhere then."""
    files = {
        "a.yaml": NAMESPACE + ROUTE % "kiali.io/ignore-validations: KIA1101",
        ".meshlint.yaml": "required-exception-fields: []\n",
    }
    assert judged(files, select=("RTE001", "HYG026", "HYG027")) == []


def test_other_tools_open_no_port() -> None:
    """A rule whose exceptions open a port has no use for an annotation without owner, reason and end."""
    annotations = 'kiali.io/ignore-validations: "", galley.istio.io/analyze-suppress: "*"'
    assert "MTL001" in said(WORKLOAD % (annotations, 'galley.istio.io/analyze-suppress: "*"'), "MTL001")
