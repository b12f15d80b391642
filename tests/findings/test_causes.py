"""One cause, one finding: what hides, and what speaks for itself."""

from __future__ import annotations

from pathlib import Path

from tests.judge import judged

OPENED = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, ports: [{containerPort: 80}]}]}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: PERMISSIVE}}
"""


def test_the_effect_is_listed_behind_its_cause() -> None:
    """MTL007 names the policy; MTL001 of the workload is one of its places."""
    found = judged({"a.yaml": OPENED}, select=("MTL",))
    assert [finding.rule for finding in found] == ["MTL007"]
    assert any(item.message.startswith("MTL001: ") for item in found[0].related)


def test_the_effect_speaks_when_the_cause_is_off() -> None:
    """Without MTL007 the workload is the finding."""
    assert [finding.rule for finding in judged({"a.yaml": OPENED}, select=("MTL001",))] == ["MTL001"]


def test_a_graver_effect_is_never_hidden() -> None:
    """A cause that the configuration made a warning hides no error."""
    files = {"a.yaml": OPENED, ".meshlint.yaml": "root: true\nrules: {MTL007: {severity: warning}}\n"}
    assert sorted(finding.rule for finding in judged(files, select=("MTL",))) == ["MTL001", "MTL007"]


def test_the_form_of_a_value_hides_behind_another_fault_of_the_same_value() -> None:
    """Admission refuses port modes without selector; that is said once, by the rule about them while it is on."""
    text = """
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: shop}
    spec: {mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: STRICT}}}
    """
    found = judged({"a.yaml": text}, select=("MTL010", "HYG007"))
    assert [finding.rule for finding in found] == ["MTL010"]
    assert any(item.message.startswith("HYG007: ") for item in found[0].related)
    assert [finding.rule for finding in judged({"a.yaml": text}, select=("HYG007",))] == ["HYG007"]


def test_fingerprints_survive_edits_above() -> None:
    """A line is no part of a fingerprint; the object is."""
    before = judged({"a.yaml": OPENED}, select=("MTL001",))
    after = judged({"a.yaml": "# one more line\n\n" + OPENED.lstrip()}, select=("MTL001",))
    other = judged({"a.yaml": OPENED.replace("name: web", "name: api")}, select=("MTL001",))
    assert [f.fingerprint for f in before] == [f.fingerprint for f in after] != [f.fingerprint for f in other]


def test_a_finding_of_a_pack_neither_hides_nor_is_hidden(tmp_path: Path) -> None:
    """The rules of others are no explanation of ours, and ours none of theirs."""
    ours = Path(__file__).parents[2] / "rules" / "mtls"
    for name in ("permissive-mtls", "weakened-strict-mtls"):
        text = (ours / f"{name}.yaml").read_text().partition("\nexamples:")[0]
        (tmp_path / f"{name}.yaml").write_text(text.partition("\n")[2] + "\n")
    (tmp_path / "pack.yaml").write_text("name: hms\nversion: 1.0.0\n")
    found = judged({"a.yaml": OPENED}, select=("MTL001", "hms"), packs=(str(tmp_path),))
    assert sorted(finding.rule for finding in found) == ["MTL001", "hms/permissive-mtls", "hms/weakened-strict-mtls"]
    assert not any("MTL001: " in item.message for finding in found for item in finding.related)
