"""What a run did not judge, and what would change that.

In: skipped templates and files, unrendered kustomizations, undecided judgements. Out: sentences. A green run must
never hide that something was not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from meshlint.findings.finding import Unsettled
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
_LABELS = "labels of namespace "


def notes_of(
    templates: Mapping[str, Sequence[str]],
    unrendered: Sequence[Unrendered],
    skipped: Sequence[tuple[str, str]],
    undecided: Sequence[Unsettled],
) -> list[str]:
    """Return the notes of a run, in a fixed order."""
    return [
        *(_template(language, paths) for language, paths in sorted(templates.items())),
        *(f"{item.path} was not rendered: {item.reason}; {_kustomize(item.path)}" for item in unrendered),
        *(f"{path} was not read: {reason}" for path, reason in skipped),
        *_undecided(undecided),
    ]


def _template(language: str, paths: Sequence[str]) -> str:
    files = "1 file is" if len(paths) == 1 else f"{len(paths)} files are"
    shown = _SHOWN_AS.get(language, language)
    return f"{files} {shown} template source and not judged ({_few(paths)}); {_RENDER[language]}"


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
    for missing, items in sorted(groups.items(), key=lambda row: (-len(row[1]), row[0])):
        rules = ", ".join(sorted({item.rule for item in items}))
        objects = _few(dict.fromkeys(item.resource.text for item in items))
        count = "1 judgement" if len(items) == 1 else f"{len(items)} judgements"
        yield f"{count} undecided ({rules} on {objects}): the manifests do not say the {missing}{_remedy(missing)}"


def _remedy(missing: str) -> str:
    if missing.startswith(_LABELS):
        name = missing.removeprefix(_LABELS)
        line = f"assume: {{namespaces: {{{name}: {{labels: {{istio-injection: enabled}}}}}}}}"
        return f"; add the Namespace, or settle it in .meshlint.yaml, for example `{line}`"
    return ""
