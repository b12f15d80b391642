"""Hosts that a program connects to, told from those that a text only mentions."""

from __future__ import annotations

import pytest

from meshlint.mesh.calls.named_hosts import is_called
from tests.mesh.build import mesh

POD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: till, namespace: shop}
spec:
  template:
    spec:
      containers:
      - {name: till, image: till, %s}
      volumes: [{name: files, configMap: {name: till}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: till, namespace: shop}
data: {%s}
"""


@pytest.mark.parametrize(
    ("container", "data", "called"),
    [
        ("env: [{name: RATES_URL, value: 'http://rates.example.com'}]", "", True),
        ("env: [{name: OIDC_ISSUER_URL, value: 'http://login.example.com'}]", "", False),
        ("env: [{name: MOTTO, value: 'see http://till.example.com'}]", "", False),
        ("args: ['--rates-url=http://rates.example.com']", "", True),
        ("args: ['--public-url=http://till.example.com']", "", False),
        ("args: ['http://till.example.com']", "", False),
        ("", "RATES_ENDPOINT: 'http://rates.example.com'", True),
        ("", "nginx.conf: 'http://till.example.com'", False),
    ],
)
def test_the_name_beside_the_text_decides(container: str, data: str, called: bool) -> None:
    """Variables, options and keys whose name is that of an address; one that is handed on is none."""
    found = mesh(POD % (container, data))
    (call,) = found.graph.calls
    assert is_called(call.evidence, call.workload) is called
