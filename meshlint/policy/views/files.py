"""Files, the repository and suppressions as rules see them.

In: the resolved mesh, and after the other rules the suppressions of the run. Out: targets whose findings belong to the
object at their place.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.mesh.files import FileFact, TextProblem
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.views.values import Target, View, legible, place_view, text_place, with_unknown

_LOOKED_IN = ".github/, docs/, .gitlab/, .bitbucket/, .gitea/ and the root"


def file_targets(mesh: Mesh) -> Iterator[Target]:
    """View every file that holds objects or has something wrong with its text."""
    for fact in mesh.files:
        yield Target(_file(fact, mesh), None)


def _file(fact: FileFact, mesh: Mesh) -> View:
    top = text_place(fact.path, (1, 1, 1, 1), "file")
    held = fact.policy or fact.first
    view: View = {
        "text": fact.path,
        "path": fact.path,
        "place": place_view(Place(held, "/metadata/name", "owner")) if held is not None else top,
        "problems": [_problem(fact, problem) for problem in fact.problems],
        "holds_policy": fact.policy is not None or fact.is_configuration,
        "policy": fact.policy.text if fact.policy is not None else "the configuration of meshlint",
        "in_repository": fact.ownership is not None and not mesh.owned_elsewhere,
    }
    ownership = fact.ownership
    if ownership is None:
        return view | {"owned": False, "owners": [], "because": ""}
    view |= {"owners": [legible(owner) for owner in ownership.owners], "because": legible(ownership.because)}
    if not ownership.known:
        return with_unknown(view, {"owned": view["because"]})
    return view | {"owned": bool(ownership.owners)}


def _problem(fact: FileFact, problem: TextProblem) -> View:
    return {
        "code": problem.code,
        "text": problem.message,
        "is_note": problem.is_note,
        "place": text_place(fact.path, problem.span, f"{problem.code} {problem.message}".replace("|", "/")),
    }


def repository_targets(mesh: Mesh) -> Iterator[Target]:
    """View the repository once, when a root is known and some file below it holds policy."""
    holding = [fact for fact in mesh.files if fact.policy is not None and fact.in_repository]
    if mesh.has_codeowners is None or not holding:
        return
    first = holding[0].policy
    assert first is not None  # chosen so
    view: View = {
        "text": "the repository",
        "place": place_view(Place(first, "/metadata/name", "codeowners")),
        "policy_files": len(holding),
        "has_codeowners": mesh.has_codeowners,
        "owned_elsewhere": mesh.owned_elsewhere,
        "looked_in": _LOOKED_IN,
    }
    yield Target(view, None)
