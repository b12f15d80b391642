"""Whether a text that names a host is one that a program connects to, as far as its own name says.

In: the place of the text and the workload that reads it. Out: a claim. An address in a variable `RATES_URL` is called;
an issuer, an origin or the public address of the program is compared or handed on. Precision comes first: a name that
says nothing says no.
"""

from __future__ import annotations

import re

from meshlint.mesh.calls.calls import HOST_VARIABLE
from meshlint.mesh.model import Place, Workload

_HANDED_ON = re.compile(
    r"(?:^|[_.-])(?:ISSUERS?|ISS|AUDIENCE|AUD|ORIGINS?|CORS|PUBLIC|EXTERNAL|FRONTEND|REDIRECT|CALLBACK|RETURN|LOGOUT|"
    r"LOGIN|DOCS?|HELP|SUPPORT|SCHEMA|REALM|BASE|ROOT|SITE|WEBSITE|SELF|APP|WEB|HOMEPAGE|LINK|ALLOWED|TRUSTED)(?:[_.-]|$)"
)


def is_called(place: Place, workload: Workload) -> bool:
    """Tell whether the name of a variable, key or option says that its value is an address to connect to."""
    name = _name_of(place, workload).upper()
    return HOST_VARIABLE.search(name) is not None and _HANDED_ON.search(name) is None


def _name_of(place: Place, workload: Workload) -> str:
    if place.resource is not workload.resource:  # a ConfigMap
        return place.pointer.rpartition("/")[2]
    for container in workload.containers:
        for name, _, position in container.env:
            if place.pointer == f"{container.pointer}/env/{position}/value":
                return name
        for value, where in container.arguments:
            if place.pointer == f"{container.pointer}/{where}":
                return value.partition("=")[0].lstrip("-").replace("-", "_")
    return ""
