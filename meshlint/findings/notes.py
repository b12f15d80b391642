"""What a run did not judge, and what would change that.

In: skipped templates and files, unrendered kustomizations, undecided judgements. Out: sentences. A green run must
never hide that something was not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from meshlint.config.tree import Tree
    from meshlint.findings.finding import Unsettled
    from meshlint.mesh.mesh import Mesh
    from meshlint.resources.assembly import Unrendered

_RENDER = {
    "helm": "render it: `helm template CHART | meshlint check -`",
    "ytt": "render it: `ytt -f DIR | meshlint check -`",
    "gomplate": "render it first and check the result",
    "jinja": "render it first and check the result",
    "variables": "substitute the variables first: `envsubst < FILE | meshlint check -`",
    "kustomize": "render it: `kustomize build DIR | meshlint check -`",
}
_SHOWN_AS = {"variables": "`${…}`", "kustomize": "`$(…)`"}
_SHOWN = 3
_REASONS_SHOWN = 10
_LABELS = "labels of namespace "
_MESH_CONFIG = "MeshConfig"


class Unjudged(NamedTuple):
    """Name files that no rule saw, why, and what would change that."""

    what: str  # template, kustomization, file
    paths: list[str]
    reason: str
    remedy: str


def unjudged_files(
    templates: Mapping[str, Sequence[str]],
    unrendered: Sequence[Unrendered],
    skipped: Sequence[tuple[str, str]],
) -> list[Unjudged]:
    """Return what was not judged, in a fixed order."""
    return [
        *(
            Unjudged(
                "template",
                list(paths),
                f"{_shown(language)} template source",
                _RENDER[language],
            )
            for language, paths in sorted(templates.items())
        ),
        *(Unjudged("kustomization", [item.path], item.reason, _kustomize(item.path)) for item in unrendered),
        *(Unjudged("file", [path], reason, "") for path, reason in skipped),
    ]


def _shown(language: str) -> str:
    return _SHOWN_AS.get(language, language)


def notes_of(unjudged: Sequence[Unjudged], undecided: Sequence[Unsettled]) -> list[str]:
    """Return the notes of a run, in a fixed order."""
    return [*(_note(item) for item in unjudged), *_undecided(undecided)]


def notes_on_programs(meshes: Sequence[Mesh]) -> list[str]:
    """Return the notes on calls in program sources that nobody is known to make."""
    unattributed = [item for mesh in meshes for item in mesh.graph.unattributed]
    if not unattributed:
        return []
    from meshlint.mesh.calls.programs import notes_on

    return list(dict.fromkeys(notes_on(unattributed)))


def idle_overrides(tree: Tree, paths: Sequence[str]) -> Iterator[str]:
    """Yield a note on every override whose paths no file has."""
    from meshlint.config.folder import PathGlobs

    for settings, group in tree.grouped(paths):
        for override in settings.overrides:
            globs = PathGlobs(override.paths)
            if override.paths and not any(globs.covers(path) for path in group):
                shown = ", ".join(override.paths)
                yield f"{settings.path}:{override.line}: the override for {shown} covers no file that was read"


def _note(item: Unjudged) -> str:
    if item.what == "template":
        files = "1 file is" if len(item.paths) == 1 else f"{len(item.paths)} files are"
        return f"{files} {item.reason} and not judged ({_few(item.paths)}); {item.remedy}"
    if item.what == "kustomization":
        return f"{item.paths[0]} was not rendered: {item.reason}; {item.remedy}"
    return f"{item.paths[0]} was not read: {item.reason}"


def _few(items: Iterable[str]) -> str:
    rows = list(items)
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return ", ".join(rows[:_SHOWN]) + more


def _kustomize(path: str) -> str:
    folder = path.rpartition("/")[0] or "."
    return f"judge the result with `kustomize build {folder} | meshlint check -`"


def _undecided(undecided: Sequence[Unsettled]) -> Iterator[str]:
    groups: dict[str, list[Unsettled]] = {}
    for item in undecided:
        groups.setdefault(item.missing, []).append(item)
    rows = sorted(groups.items(), key=lambda row: (-len(row[1]), row[0]))
    for missing, items in rows[:_REASONS_SHOWN]:
        rules = ", ".join(sorted({item.rule for item in items}))
        objects = _few(dict.fromkeys(item.resource.text for item in items))
        count = "1 judgement" if len(items) == 1 else f"{len(items)} judgements"
        line = assume_line(missing)
        add = "the ConfigMap istio" if missing == _MESH_CONFIG else "the Namespace"
        remedy = f"; add {add}, or settle it in .meshlint.yaml, for example `{line}`" if line else ""
        yield f"{count} undecided ({rules} on {objects}): the manifests do not say the {missing}{remedy}"
    if further := [item for _, items in rows[_REASONS_SHOWN:] for item in items]:
        rules = ", ".join(sorted({item.rule for item in further}))
        told = (
            f"{len(further)} further judgements undecided ({rules}), for {len(rows) - _REASONS_SHOWN} further reasons"
        )
        yield f"{told}, for {len(rows) - _REASONS_SHOWN} further reasons; the JSON report lists them"


def assume_line(missing: str) -> str:
    """Return the line of the configuration that would settle what is missing, empty where none does."""
    if missing.startswith(_LABELS):
        name = missing.removeprefix(_LABELS)
        return f"assume: {{namespaces: {{{name}: {{labels: {{istio-injection: enabled}}}}}}}}"
    if missing == _MESH_CONFIG:
        return "assume: {meshConfig: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}, accessLogFile: /dev/stdout}}"
    return ""
