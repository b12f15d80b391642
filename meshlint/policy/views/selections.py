"""What objects select and target, as rules see it.

In: an object and the answers of the resolver. Out: a part of its view.
"""

from __future__ import annotations

from meshlint.mesh.authorization.selector_matches import Match, SelectorMatches
from meshlint.mesh.model import Place
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.resource import Resource


def selection_views(resource: Resource, matches: SelectorMatches) -> list[View]:
    """Return the selector and the targetRefs of an object."""
    return [_selection(match, resource) for match in matches.of(resource)]


def _selection(match: Match, resource: Resource) -> View:
    view: View = {
        "text": match.text,
        "because": match.because,
        "place": place_view(Place(resource, match.pointer, match.text)),
    }
    return with_unknown(view, {"found": match.missing}) if match.found is None else view | {"found": match.found}
