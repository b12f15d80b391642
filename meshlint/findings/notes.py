"""What a run did not judge, and what would change that.

In: skipped templates and files, unrendered kustomizations, undecided judgements. Out: sentences. A green run must
never hide that something was not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from meshlint.records import NamedTuple

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
_METADATA, _OF_CONFIG = "proxyMetadata ", " of the MeshConfig"


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
        *_kustomizations(unrendered),
        *(Unjudged("file", [path], reason, "") for path, reason in skipped),
    ]


def _kustomizations(unrendered: Sequence[Unrendered]) -> Iterator[Unjudged]:
    """Yield one row for a reason: a repository has hundreds of overlays that all patch."""
    reasons: dict[str, list[str]] = {}
    for item in unrendered:
        reasons.setdefault(item.reason, []).append(item.path)
    for reason, paths in sorted(reasons.items(), key=lambda row: (-len(row[1]), row[0])):
        yield Unjudged("kustomization", paths, reason, _kustomize(paths))


def _shown(language: str) -> str:
    return _SHOWN_AS.get(language, language)


def notes_of(unjudged: Sequence[Unjudged], undecided: Sequence[Unsettled]) -> list[str]:
    """Return the notes of a run, in a fixed order."""
    return [*(_note(item) for item in unjudged), *notes_on_undecided(undecided)]


def notes_on_programs(meshes: Sequence[Mesh]) -> list[str]:
    """Return the notes on calls in program sources that nobody is known to make."""
    unattributed = [item for mesh in meshes for item in mesh.graph.unattributed]
    if not unattributed:
        return []
    from meshlint.mesh.calls.programs import notes_on

    return list(dict.fromkeys(notes_on(unattributed)))


def idle_overrides(tree: Tree, paths: Sequence[str], namespaces: Collection[str]) -> Iterator[str]:
    """Yield a note on every override whose paths no file has, or whose namespaces no object."""
    from meshlint.config.folder import PathGlobs

    for settings, group in tree.grouped(paths):
        for override in settings.overrides:
            globs, place = PathGlobs(override.paths), f"{settings.path}:{override.line}"
            if override.paths and not any(globs.covers(path) for path in group):
                yield f"{place}: the override for {', '.join(override.paths)} covers no file that was read"
            idle = [glob for glob in override.namespaces if not any(fnmatchcase(name, glob) for name in namespaces)]
            if idle:
                words = "namespace" if len(idle) == 1 else "namespaces"
                yield f"{place}: the override for {words} {', '.join(idle)} covers no object that was read"


def _note(item: Unjudged) -> str:
    if item.what == "template":
        files = "1 file is" if len(item.paths) == 1 else f"{len(item.paths)} files are"
        return f"{files} {item.reason} and not judged ({few(item.paths)}); {item.remedy}"
    if item.what == "kustomization":
        return f"{_kustomizations_not_rendered(item.paths)}: {item.reason}; {item.remedy}"
    return f"{item.paths[0]} was not read: {item.reason}"


def _kustomizations_not_rendered(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return f"{paths[0]} was not rendered"
    return f"{len(paths)} kustomizations were not rendered ({few(paths)})"


def few(items: Iterable[str]) -> str:
    """Return the first three, and how many more there are."""
    rows = list(items)
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return ", ".join(rows[:_SHOWN]) + more


def _kustomize(paths: Sequence[str]) -> str:
    folder = "DIR" if len(paths) > 1 else paths[0].rpartition("/")[0] or "."
    return f"judge the result with `kustomize build {folder} | meshlint check -`"


def notes_on_undecided(undecided: Sequence[Unsettled]) -> Iterator[str]:
    """Yield a note on each thing that the manifests do not say."""
    groups: dict[str, list[Unsettled]] = {}
    for item in undecided:
        groups.setdefault(item.missing, []).append(item)
    rows = sorted(groups.items(), key=lambda row: (-len(row[1]), row[0]))
    for missing, items in rows[:_REASONS_SHOWN]:
        rules = ", ".join(sorted({item.rule for item in items}))
        objects = few(dict.fromkeys(item.resource.text for item in items))
        count = "1 judgement" if len(items) == 1 else f"{len(items)} judgements"
        line = assume_line(missing)
        add = "the ConfigMap istio" if missing.endswith(_MESH_CONFIG) else "the Namespace"
        remedy = f"; add {add}, or settle it in .meshlint.yaml, for example `{line}`" if line else ""
        yield f"{count} undecided ({rules} on {objects}): the manifests do not say the {missing}{remedy}"
    if further := [item for _, items in rows[_REASONS_SHOWN:] for item in items]:
        rules = ", ".join(sorted({item.rule for item in further}))
        reasons = len(rows) - _REASONS_SHOWN
        told = f"{len(further)} further judgements undecided ({rules}), for {reasons} further reasons"
        yield f"{told}; the JSON report lists them"


def assume_line(missing: str) -> str:
    """Return the line of the configuration that would settle what is missing, empty where none does."""
    if missing.startswith(_LABELS):
        name = missing.removeprefix(_LABELS)
        return f"assume: {{namespaces: {{{name}: {{labels: {{istio-injection: enabled}}}}}}}}"
    if missing.startswith(_METADATA) and missing.endswith(_OF_CONFIG):
        name = missing.removeprefix(_METADATA).removesuffix(_OF_CONFIG)
        return f'assume: {{meshConfig: {{defaultConfig: {{proxyMetadata: {{{name}: "true"}}}}}}}}'
    if missing == _MESH_CONFIG:
        return "assume: {meshConfig: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}, accessLogFile: /dev/stdout}}"
    return ""
