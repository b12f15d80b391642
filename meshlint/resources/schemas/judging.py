"""Judge an object against the schema of its kind.

In: a resource. Out: faults with pointers into the object, for fields that nobody knows, for values that are refused,
and for kinds that do not exist. Schemas are made when a kind first occurs. Nothing here raises, whatever the object
holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from meshlint.records import NamedTuple
from meshlint.resources.digest import mapping
from meshlint.resources.resource import Resource
from meshlint.resources.schemas.gateway_api import GATEWAY_API
from meshlint.resources.schemas.gateway_routes import GATEWAY_ROUTES
from meshlint.resources.schemas.mesh_config import MESH_CONFIG
from meshlint.resources.schemas.nodes import OPEN, UNKNOWN, VALUE, Fields, Flaw, Key, Node, is_template
from meshlint.resources.schemas.notation import Schema
from meshlint.resources.schemas.registry import REGISTRY
from meshlint.resources.schemas.routing import ROUTING
from meshlint.resources.schemas.security import SECURITY
from meshlint.resources.schemas.served import Stranger, release_of, schema_of, strangeness_of
from meshlint.resources.schemas.suggestions import Suggestion, neighbour, suggestion, written
from meshlint.resources.schemas.traffic import TRAFFIC
from meshlint.syntax.stream import read_stream

SCHEMA = Schema({**ROUTING, **REGISTRY, **TRAFFIC, **SECURITY, **GATEWAY_API, **GATEWAY_ROUTES, **MESH_CONFIG})
"""All blocks; a name stands for one type in all of them."""

_OF_TOOLS = ("$", "x-", ".")  # directives of patches, and what authors keep for anchors


class UnknownField(NamedTuple):
    """Name a field that the kind does not have, and what was probably meant."""

    pointer: str
    path: str
    instead: str  # a name, or the path where the field belongs; empty when nothing is near
    elsewhere: bool
    release: str  # up to which release the fields are known


class InvalidValue(NamedTuple):
    """Name a value that the API server refuses, why, and what belongs there."""

    pointer: str
    path: str
    text: str
    instead: str


class Faults(NamedTuple):
    """Hold what is wrong with one object."""

    unknown: tuple[UnknownField, ...] = ()
    invalid: tuple[InvalidValue, ...] = ()
    strange: Stranger | None = None


NONE = Faults()


def faults_of(resource: Resource) -> Faults:
    """Return what is wrong with the kind, the fields and the values of an object."""
    group, kind, version = resource.group, resource.kind, resource.version
    if group == "":
        return _of_mesh_config(resource) if kind == "ConfigMap" else NONE
    if is_template(resource.api_version) or is_template(kind):
        return NONE
    if strange := strangeness_of(group, kind, version):
        return Faults(strange=strange)
    name = schema_of(group, kind, version)
    if not name:
        return NONE
    root = root_of(name)
    content = resource.content()
    content.pop("ownerReferences", None)  # the digest keeps it beside the fields
    flaws = root.check(content)
    if not flaws:
        return NONE
    return _faults(flaws, root, (), release_of(group))


@cache
def root_of(name: str) -> Fields:
    """Return the node of a whole object whose `spec` has a schema; what stands beside `spec` is the same for all."""
    root = Fields()
    spec = SCHEMA.node(name)
    root.fields = {"spec": spec, "status": OPEN, "apiVersion": OPEN, "kind": OPEN, "metadata": OPEN}
    if isinstance(spec, Fields) and spec.required:
        root.required = ("spec",)
    return root


def _of_mesh_config(resource: Resource) -> Faults:
    """Judge the mesh configuration inside the ConfigMap that istiod mounts."""
    if not (resource.name == "istio" or resource.name.startswith("istio-")) or b"mesh" not in resource.body:
        return NONE
    text = mapping(resource.content().get("data")).get("mesh")
    if not isinstance(text, str):
        return NONE
    root = SCHEMA.node("MeshConfig")
    faults: Faults = NONE
    for document in read_stream(text.encode("utf-8", "surrogatepass")).documents[:1]:
        flaws = root.check(document.value) if isinstance(document.value, dict) else None
        faults = _faults(flaws or [], root, ("data", "mesh"), release_of(""))
    at = "/data/mesh"
    return Faults(
        tuple(fault._replace(pointer=at) for fault in faults.unknown),
        tuple(fault._replace(pointer=at) for fault in faults.invalid),
    )


def _faults(flaws: Sequence[Flaw], root: Node, above: tuple[Key, ...], release: str) -> Faults:
    unknown, invalid = [], []
    for flaw in flaws:
        keys = (*above, *flaw.keys)
        if flaw.code != UNKNOWN:
            field = "" if flaw.code == VALUE else "#"
            invalid.append(
                InvalidValue(_pointer(keys) + (field if keys else ""), written(keys), flaw.text, flaw.instead)
            )
        elif found := _meant(flaw, root.inner()):
            unknown.append(UnknownField(_pointer(keys) + "#", written(keys), found.name, found.elsewhere, release))
    return Faults(tuple(unknown), tuple(invalid))


def _meant(flaw: Flaw, root: Mapping[str, Node]) -> Suggestion | None:
    """Return what an unknown field was meant to be; None when it is no fault."""
    field = flaw.keys[-1]
    if not isinstance(field, str) or field.startswith(_OF_TOOLS) or is_template(field):
        return None
    if not flaw.loose:
        return suggestion(field, flaw.keys[:-1], flaw.known, root)
    near = neighbour(field, flaw.known)
    is_snake = near and field == _snake(near)
    return Suggestion(near) if near and not is_snake else None


def _snake(word: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in word)


def _pointer(keys: Sequence[Key]) -> str:
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)
