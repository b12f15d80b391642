"""The namespace of an object that states none."""

from __future__ import annotations

from tests.mesh.build import tree

RULE = "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: web}\n"


def namespaces(files: dict[str, str], namespace: str = "") -> list[str]:
    """Return the namespaces of the Sidecars, in the order of files."""
    return [resource.namespace for resource in tree(files, namespace) if resource.kind == "Sidecar"]


def test_nobody_says_so() -> None:
    """An unstated namespace stays unstated; it is never `default`."""
    assert namespaces({"a.yaml": RULE}) == [""]


def test_the_command_line_says_so() -> None:
    """`--namespace` places what nothing else places, and no cluster-scoped object."""
    assert namespaces({"a.yaml": RULE}, "shop") == ["shop"]
    cluster = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    assert [resource.namespace for resource in tree({"a.yaml": cluster}, "shop")] == [""]


def test_a_kustomization_says_so() -> None:
    """Its namespace replaces that of every object it lists."""
    assert namespaces({"app/kustomization.yaml": "namespace: shop\nresources: [a.yaml]\n", "app/a.yaml": RULE}) == [
        "shop"
    ]


def test_the_outer_kustomization_wins() -> None:
    """Transformers of an overlay run after those of its base."""
    files = {
        "base/kustomization.yaml": "namespace: inner\nresources: [a.yaml]\n",
        "base/a.yaml": RULE,
        "prod/kustomization.yaml": "namespace: outer\nresources: [../base]\n",
    }
    assert namespaces(files) == ["outer"]


def test_two_overlays_that_disagree_say_nothing() -> None:
    """A base that lands in two namespaces has none until it is rendered."""
    files = {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": RULE}
    for name in ("dev", "prod"):
        files[f"{name}/kustomization.yaml"] = f"namespace: {name}\nresources: [../base]\n"
    assert namespaces(files) == [""]


def test_overlays_that_all_say_a_namespace_leave_none_to_chance() -> None:
    """A base whose overlays place it is placed later; one overlay without a namespace leaves it to the context."""
    files = {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": RULE}
    for name in ("dev", "prod"):
        files[f"{name}/kustomization.yaml"] = f"namespace: {name}\nresources: [../base]\n"
    assert [resource.placed_later for resource in tree(files)] == [True]
    files["prod/kustomization.yaml"] = "resources: [../base]\n"
    assert [resource.placed_later for resource in tree(files)] == [False]


def test_patches_are_no_objects() -> None:
    """What a kustomization uses as a patch is not judged by itself."""
    files = {"app/kustomization.yaml": "patches: [{path: patch.yaml}]\n", "app/patch.yaml": RULE}
    assert namespaces(files) == []


def test_flux_says_so() -> None:
    """targetNamespace of a Flux Kustomization places the files below its path."""
    flux = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {path: ./apps/shop, targetNamespace: shop}
"""
    assert namespaces({"apps/shop/a.yaml": RULE, "clusters/shop.yaml": flux}) == ["shop"]


def test_argo_says_so() -> None:
    """The destination of an Application places the files below its path."""
    application = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  source: {path: apps/shop}
  destination: {namespace: shop}
"""
    assert namespaces({"apps/shop/a.yaml": RULE, "argo/shop.yaml": application}) == ["shop"]


def test_a_patched_namespace_is_not_the_last_word() -> None:
    """Labels that a kustomization adds are known only after rendering, so membership stays open."""
    from meshlint.resources.assembly import assemble
    from meshlint.resources.facts import take_facts

    files = {
        "app/kustomization.yaml": "resources: [ns.yaml]\npatches: [{target: {kind: Namespace, name: shop}}]\n",
        "app/ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
    }
    paths = sorted(files)
    found = assemble(paths, [take_facts(files[path].encode(), path) for path in paths])
    assert found.patched_namespaces == {"shop"}
