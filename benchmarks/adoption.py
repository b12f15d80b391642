"""Adopt the linter in a corpus, the way a team does: a configuration with overrides, a nested one, a pack.

In: a folder of manifests. Out: further files in it. The baseline is written by the program itself.
"""

from __future__ import annotations

import os

CONFIGURATION = """root: true
rules: [./policy, {RES003: {severity: warning}}]
baseline: .meshlint-baseline.json
mandatory: [MTL003]
overrides:
- namespaces: [ns-1, ns-2]
  profile: strict
- paths: ["m007/**"]
  ignore: [RES001]
  rules: {RES004: {severity: info}}
exceptions:
- {rule: INJ006, namespace: ns-3, reason: moved next quarter, owner: "@org/platform", expires: 2027-01-31, ticket: P-7}
"""
NESTED = "profile: baseline\nignore: [HYG006]\n"
RULES = {
    "default-namespace": ("object", "", 'object.namespace != "default"', "{object} lives in namespace default"),
    "foreign-caller": (
        "edge",
        'edge.is_known && edge.server.namespace == "ns-9"',
        'edge.client.namespace in ["ns-9", "ns-8"]',
        "{edge.client} calls {edge.target_text}",
    ),
    "plain-workload": ("workload", "workload.meshed", 'workload.namespace != "ns-x"', "{workload} is in ns-x"),
    "short-name": ("service", "", "size(service.name) > 2", "{service} has a short name"),
    "own-namespace": ("namespace", "", 'namespace.name.startsWith("ns-")', "{namespace} has a foreign name"),
}


def adopt(folder: str) -> None:
    """Write the configurations and the pack."""
    policy = os.path.join(folder, "policy")
    os.makedirs(policy, exist_ok=True)
    _write(os.path.join(folder, ".meshlint.yaml"), CONFIGURATION)
    _write(os.path.join(folder, "m003", ".meshlint.yaml"), NESTED)
    _write(os.path.join(policy, "pack.yaml"), "name: org\nversion: 1.0.0\n")
    for name, (target, when, require, message) in RULES.items():
        lines = [f"name: {name}", "severity: warning", f"target: {target}"]
        lines += [f"when: '{when}'"] if when else []
        lines += [f"require: '{require}'", f'message: "{message}"', "help: Ask @org/platform."]
        _write(os.path.join(policy, f"{name}.yaml"), "\n".join(lines) + "\n")


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
