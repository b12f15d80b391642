"""Files that need no owner."""

from __future__ import annotations

from meshlint.mesh.ownership.exempt import exempt_paths


def test_globs_of_the_configuration_exempt_files() -> None:
    """They are written as in .gitignore."""
    paths = ["charts/a/b.yaml", "mesh/a.yaml", "mesh/gen.out.yaml"]
    assert exempt_paths(paths, ["charts/**", "*.out.yaml"]) == {"charts/a/b.yaml", "mesh/gen.out.yaml"}
    assert exempt_paths(paths, []) == frozenset()
