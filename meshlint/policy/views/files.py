"""Files, the repository and suppressions as rules see them.

In: the resolved mesh, and after the other rules the suppressions of the run. Out: targets whose findings belong to the
object at their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meshlint.mesh.files import FileFact, TextProblem
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.mesh.ownership.accepted import only_persons
from meshlint.mesh.ownership.guards import Guard
from meshlint.mesh.ownership.model import listed
from meshlint.policy.views.values import Target, View, legible, place_view, text_place, with_unknown

_LOOKED_IN = ".github/, docs/, .gitlab/, .bitbucket/, .gitea/ and the root"

_UNTOLD = "platform that reads CODEOWNERS"


def file_targets(mesh: Mesh) -> Iterator[Target]:
    """View every file that holds objects or has something wrong with its text."""
    for fact in mesh.files:
        yield Target(_file(fact, mesh), None)


def _file(fact: FileFact, mesh: Mesh) -> View:
    top = text_place(fact.path, (1, 1, 1, 1), "file")
    held, repository = fact.policy or fact.first, mesh.repository
    view: View = {
        "text": fact.path,
        "path": fact.path,
        "place": place_view(Place(held, "/metadata/name", "owner")) if held is not None else top,
        "problems": [_problem(fact, problem) for problem in fact.problems],
        "holds_policy": fact.policy is not None or fact.is_configuration,
        "policy": fact.policy.text if fact.policy is not None else "the configuration of meshlint",
        "in_repository": fact.ownership is not None and repository is not None and not repository.owned_elsewhere,
        "policy_owners": listed(repository.policy_owners) if repository and repository.policy_owners else "",
        "override": _override(fact),
    }
    ownership = fact.ownership
    if ownership is None or repository is None:
        return view | {
            "owned": False,
            "owners": [],
            "owner_names": "",
            "accepted": False,
            "only_persons": False,
            "because": "",
        }
    view |= {"owners": [legible(owner) for owner in ownership.owners], "because": legible(ownership.because)}
    view["owner_names"] = legible(listed(ownership.owners)) if ownership.owners else "nobody"
    view["accepted"] = not set(ownership.owners).isdisjoint(repository.policy_owners)
    unknown = {}
    persons = only_persons(ownership.owners, repository.platform)
    if persons is None:
        unknown["only_persons"] = f"kind of account behind {view['owner_names']}"
    else:
        view["only_persons"] = persons
    if not ownership.known:
        unknown["owned"] = _UNTOLD
    else:
        view["owned"] = bool(ownership.owners)
    return with_unknown(view, unknown)


def _override(fact: FileFact) -> View:
    override = fact.override
    if override is None:
        return {"exists": False, "before": "", "after": "", "before_line": 0, "after_line": 0}
    return {"exists": True, **override._asdict()}


def _guard(guard: Guard, accepted: Sequence[str]) -> View:
    more = f" and {guard.more} more" if guard.more else ""
    owners = guard.ownership.owners
    view: View = {
        "text": f"{guard.path}{more}",
        "what": guard.what,
        "paths": list(guard.paths),
        "because": legible(guard.ownership.because),
        "accepted": not accepted or not set(owners).isdisjoint(accepted),
        "place": text_place(guard.path, (1, 1, 1, 1), "guard"),
    }
    if not guard.ownership.known:
        return with_unknown(view, {"owned": _UNTOLD})
    return view | {"owned": bool(owners)}


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
    repository = mesh.repository
    if repository is None or not holding:
        return
    first = holding[0].policy
    assert first is not None  # chosen so
    view: View = {
        "text": "the repository",
        # No object is the cause, and another one may be the first tomorrow.
        "place": place_view(Place(first, "/metadata/name", "codeowners")) | {"text": "the repository"},
        "policy_files": len(holding),
        "has_codeowners": repository.has_codeowners,
        "owned_elsewhere": repository.owned_elsewhere,
        "policy_owners": listed(repository.policy_owners) if repository.policy_owners else "",
        "paths": [fact.path for fact in holding],
        "guards": [_guard(guard, repository.policy_owners) for guard in repository.guards],
        "looked_in": _LOOKED_IN,
    }
    yield Target(view, None)
