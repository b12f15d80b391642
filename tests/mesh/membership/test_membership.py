"""Mesh membership: the selectors of the injection webhook, the injector and the ambient agent, one test each."""

from __future__ import annotations

import pytest

from tests.mesh.build import deployment, member, mesh, namespace

INJECT = "sidecar.istio.io/inject"


def dataplane(text: str) -> str:
    """Return the data plane of Deployment web."""
    return member(mesh(text), "web").dataplane


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("{istio-injection: enabled}", "sidecar"),
        ("{istio.io/rev: stable}", "sidecar"),
        ("{istio-injection: disabled}", "none"),
        ('{istio-injection: "true"}', "none"),
        ("{istio-injection: disabled, istio.io/rev: stable}", "none"),
        ("{istio.io/dataplane-mode: ambient}", "ambient"),
        ("{istio.io/dataplane-mode: ambient, istio-injection: enabled}", "sidecar"),
        ("{istio.io/dataplane-mode: ambient, istio.io/rev: stable}", "sidecar"),
        ("{istio.io/dataplane-mode: ambient, istio-injection: disabled, istio.io/rev: stable}", "ambient"),
        ("{}", "none"),
        ("{mesh.istio.io/inject: enabled}", "none"),
    ],
)
def test_namespace_labels_decide(labels: str, expected: str) -> None:
    """The legacy label wins over the revision, and only `enabled` injects."""
    assert dataplane(namespace("shop", labels) + deployment("web", "shop")) == expected


def test_an_absent_namespace_leaves_the_question_open() -> None:
    """Namespaces are often labelled by a script, so absence of a manifest proves nothing."""
    found = member(mesh(deployment("web", "shop")), "web")
    assert (found.meshed, found.missing) == (None, "labels of namespace shop")


def test_complete_never_closes_membership() -> None:
    """`--complete` speaks of objects, not of labels."""
    assert member(mesh(deployment("web", "shop"), complete=True), "web").meshed is None


@pytest.mark.parametrize(
    ("labels", "annotations", "expected"),
    [
        (f'{{{INJECT}: "false"}}', "{}", "none"),
        ("{}", f'{{{INJECT}: "false"}}', "none"),
        (f'{{{INJECT}: "true"}}', f'{{{INJECT}: "false"}}', "sidecar"),
        (f'{{{INJECT}: "perhaps"}}', "{}", "sidecar"),
        ("{istio.io/dataplane-mode: ambient}", "{}", "sidecar"),
        (f'{{istio.io/dataplane-mode: ambient, {INJECT}: "false"}}', "{}", "ambient"),
    ],
)
def test_pod_settings_in_an_injected_namespace(labels: str, annotations: str, expected: str) -> None:
    """A label beats the annotation of the same name; unknown values fall back to the namespace."""
    text = namespace("shop") + deployment("web", "shop", labels=labels, annotations=annotations)
    assert dataplane(text) == expected


@pytest.mark.parametrize(
    ("labels", "annotations", "expected"),
    [
        (f'{{{INJECT}: "true"}}', "{}", "sidecar"),
        ("{istio.io/rev: stable}", "{}", "sidecar"),
        ("{istio.io/dataplane-mode: ambient}", "{}", "ambient"),
        (f'{{istio.io/dataplane-mode: ambient, {INJECT}: "true"}}', "{}", "sidecar"),
        ("{}", f'{{{INJECT}: "true"}}', "none"),
        ('{mesh.istio.io/inject: "true"}', "{}", "none"),
        ("{}", '{mesh.istio.io/inject: "true"}', "none"),
    ],
)
def test_pod_settings_in_an_unlabelled_namespace(labels: str, annotations: str, expected: str) -> None:
    """Only labels opt in: the webhook never sees annotations, and wrong keys inject nothing."""
    text = namespace("shop", "{}") + deployment("web", "shop", labels=labels, annotations=annotations)
    assert dataplane(text) == expected


def test_a_disabled_namespace_refuses_pods_that_opt_in() -> None:
    """No webhook selects pods of a namespace with the legacy label."""
    text = namespace("shop", "{istio-injection: disabled}") + deployment("web", "shop", labels=f'{{{INJECT}: "true"}}')
    assert dataplane(text) == "none"


def test_a_pod_leaves_ambient_by_label() -> None:
    """`istio.io/dataplane-mode: none` opts out of an ambient namespace."""
    text = namespace("shop", "{istio.io/dataplane-mode: ambient}")
    assert dataplane(text + deployment("web", "shop", labels="{istio.io/dataplane-mode: none}")) == "none"


def test_the_host_network_is_never_captured() -> None:
    """hostNetwork wins over every label."""
    text = namespace("shop") + deployment("web", "shop").replace("    spec:\n", "    spec:\n      hostNetwork: true\n")
    assert dataplane(text) == "none"


def test_system_namespaces_are_never_injected() -> None:
    """The injector ignores kube-system whatever its labels say."""
    assert dataplane(namespace("kube-system") + deployment("web", "kube-system")) == "none"


def test_the_gateway_template_makes_a_gateway() -> None:
    """A pod that asks for the gateway template is no sidecar."""
    text = namespace("shop") + deployment("web", "shop", annotations="{inject.istio.io/templates: gateway}")
    assert dataplane(text) == "gateway"


def test_an_assumed_label_decides_and_says_so() -> None:
    """`assume:` states what the manifests do not."""
    from meshlint.config.model import Assumptions, Settings

    settings = Settings(assume=Assumptions(labels={"shop": {"istio-injection": "enabled"}}))
    found = member(mesh(deployment("web", "shop"), settings), "web")
    assert found.dataplane == "sidecar" and "assumed" in found.because


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{address: 10.0.0.1}", "none"),
        ("{address: 10.0.0.1, serviceAccount: vm}", "sidecar"),
        ("{address: 10.0.0.1, serviceAccount: vm, labels: {security.istio.io/tlsMode: disabled}}", "none"),
        ("{address: 10.0.0.1, labels: {security.istio.io/tlsMode: istio}}", "sidecar"),
    ],
)
def test_virtual_machines(spec: str, expected: str) -> None:
    """A WorkloadEntry has a proxy when its label says so, else when it has a service account."""
    header = "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: web, namespace: shop}\n"
    text = f"{header}spec: {spec}\n"
    assert dataplane(text) == expected


def test_who_decided_is_named() -> None:
    """The place is the label of the Namespace."""
    found = member(mesh(namespace("shop") + deployment("web", "shop")), "web")
    assert found.decided_by is not None and found.decided_by.pointer == "/metadata/labels/istio-injection"
