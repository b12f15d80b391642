"""Labels that make clients send plain text, as rules see them.

In: the resolved mesh. Out: a part of the view of any object.
"""

from __future__ import annotations

from meshlint.mesh.model import Place
from meshlint.mesh.mtls.plain_labels import PlainLabels
from meshlint.policy.views.values import View, place_view, with_unknown
from meshlint.resources.resource import Resource


def plain_label_views(resource: Resource, labels: PlainLabels) -> list[View]:
    """Return the labels of an object that switch encryption off."""
    found: list[View] = []
    for label in labels.of(resource):
        place = place_view(Place(resource, label.pointer, "tls-mode"))
        view: View = {"text": label.text, "value": label.value, "place": place}
        found.append(with_unknown(view, {"has_proxy": label.missing}) if label.missing else view | {"has_proxy": True})
    return found
