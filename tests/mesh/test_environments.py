"""One run is one environment, unless identities collide."""

from __future__ import annotations

from meshlint.mesh.environments import split
from meshlint.resources.assembly import assemble
from meshlint.resources.facts import take_facts

RULE = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: web, namespace: shop}}
spec: {{host: web, trafficPolicy: {{connectionPool: {{tcp: {{maxConnections: {limit}}}}}}}}}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
KUSTOMIZATION = "resources: [rule.yaml]\n"


def environments(files: dict[str, str], named: frozenset[int] = frozenset(), configured=None):  # type: ignore[no-untyped-def]
    """Split the objects of several files."""
    paths = sorted(files)
    found = assemble(paths, [take_facts(files[path].encode(), path) for path in paths])
    return split(found.resources, kustomizations=found.kustomizations, named=named, configured=configured)


def test_folders_alone_do_not_split() -> None:
    """All operands together are one cluster, whatever their folders."""
    found = environments({"a/rule.yaml": RULE.format(limit=1), "b/ns.yaml": NAMESPACE})
    assert [environment.name for environment in found.all] == [""] and not found.duplicates


def test_colliding_overlays_split_and_share_the_rest() -> None:
    """Each overlay sees its own rule and the common namespace."""
    files = {"ns.yaml": NAMESPACE}
    for name, limit in (("dev", 1), ("prod", 2)):
        files |= {f"{name}/kustomization.yaml": KUSTOMIZATION, f"{name}/rule.yaml": RULE.format(limit=limit)}
    found = environments(files)
    assert [environment.name for environment in found.all] == ["dev", "prod"]
    assert [sorted(r.kind for r in item.resources) for item in found.all] == [["DestinationRule", "Namespace"]] * 2
    assert not found.duplicates


def test_collisions_that_nothing_separates_are_duplicates() -> None:
    """Both objects are kept and reported."""
    found = environments({"a.yaml": RULE.format(limit=1), "b.yaml": RULE.format(limit=2)})
    assert len(found.all) == 1 and len(found.all[0].resources) == 2
    assert [(d.resource.path, d.first.path, d.same) for d in found.duplicates] == [("b.yaml", "a.yaml", False)]


def test_equal_content_is_marked_as_such() -> None:
    """A vendored copy is a duplicate of its own kind and splits nothing."""
    found = environments({"a.yaml": RULE.format(limit=1), "b.yaml": RULE.format(limit=1)})
    assert [duplicate.same for duplicate in found.duplicates] == [True]


def test_api_versions_do_not_matter() -> None:
    """v1 and v1beta1 of one object are the same object."""
    older = RULE.format(limit=2).replace("io/v1", "io/v1beta1")
    assert len(environments({"a.yaml": RULE.format(limit=1), "b.yaml": older}).duplicates) == 1


def test_named_files_are_never_split() -> None:
    """Who names both files wants them judged together."""
    files = {}
    for name, limit in (("dev", 1), ("prod", 2)):
        files |= {f"{name}/kustomization.yaml": KUSTOMIZATION, f"{name}/rule.yaml": RULE.format(limit=limit)}
    found = environments(files, named=frozenset(range(4)))
    assert len(found.all) == 1 and len(found.duplicates) == 1


def test_an_overlay_takes_the_object_of_its_base() -> None:
    """An environment that does not redefine an object has the one that its kustomization includes."""
    files = {
        "base/kustomization.yaml": KUSTOMIZATION,
        "base/rule.yaml": RULE.format(limit=1),
        "prod/kustomization.yaml": "resources: [../base, rule.yaml]\n",
        "prod/rule.yaml": RULE.format(limit=2),
    }
    found = environments(files)
    assert {e.name: [r.path for r in e.resources] for e in found.all} == {
        "base": ["base/rule.yaml"],
        "prod": ["prod/rule.yaml"],
    }


def test_the_configuration_names_environments() -> None:
    """`environments:` decides alone; unclaimed files are shared."""
    files = {"ns.yaml": NAMESPACE, "a/rule.yaml": RULE.format(limit=1), "b/rule.yaml": RULE.format(limit=2)}
    found = environments(files, configured={"one": ("a/**",), "two": ("b/**",)})
    assert [(e.name, len(e.resources)) for e in found.all] == [("one", 2), ("two", 2)] and not found.duplicates


def test_a_plain_copy_of_what_a_kustomization_builds_is_another_environment() -> None:
    """Many repositories keep rendered manifests beside the kustomization, for those who apply files by hand."""
    files = {"base/kustomization.yaml": KUSTOMIZATION, "base/rule.yaml": RULE.format(limit=1), "ns.yaml": NAMESPACE}
    found = environments({**files, "plain/rule.yaml": RULE.format(limit=2)})
    assert [[r.path for r in item.resources] for item in found.all] == [
        ["ns.yaml", "plain/rule.yaml"],
        ["base/rule.yaml", "ns.yaml"],
    ]
    assert not found.duplicates
