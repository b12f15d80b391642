"""Judge a run: resources into environments, each into a mesh, each mesh before all rules, the faults into findings.

In: the facts of all files and what the run decided before. Out: `Judged`. The rules on suppressions come last, because
whether one was used is known only then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from meshlint.errors import SourceError
from meshlint.findings.assembling import Assembler, settle
from meshlint.findings.causes import behind_causes
from meshlint.findings.finding import Finding, Unsettled
from meshlint.findings.fingerprints import with_fingerprints
from meshlint.findings.inputs import Inputs
from meshlint.findings.locating import Locator
from meshlint.findings.notes import Unjudged, idle_overrides, notes_of, notes_on_programs, unjudged_files
from meshlint.findings.ownership import files_of, repository_of
from meshlint.findings.suppressions.annotations import from_annotations
from meshlint.findings.suppressions.matching import Matcher, nothing_mandatory
from meshlint.findings.suppressions.suppressions import Suppression, from_configuration
from meshlint.findings.suppressions.views import (
    Reach,
    Words,
    configured_legacy_targets,
    left_open_by,
    policy_exception_targets,
    reach_of,
    suppression_targets,
)
from meshlint.mesh.build import build_mesh
from meshlint.mesh.environments import Environments, split
from meshlint.mesh.files import templated_names, unrendered_kinds
from meshlint.mesh.mesh import Mesh
from meshlint.policy.engine import judge
from meshlint.policy.judgement import Failure, Fault, Judgement, Undecided
from meshlint.policy.sharing import judge_shared
from meshlint.policy.views import Target, targets
from meshlint.records import NamedTuple
from meshlint.resources.assembly import Assembly, assemble
from meshlint.sources.source import read

if TYPE_CHECKING:
    from meshlint.findings.keeping import Keeper

_SUPPRESSION = "suppression"


class Judged(NamedTuple):
    """Hold what is reported."""

    resources: int
    findings: tuple[Finding, ...]
    suppressed: tuple[tuple[Finding, Suppression], ...]
    undecided: tuple[Unsettled, ...]
    notes: list[str]
    judged: dict[str, dict[str, int]]  # rule id → namespace → judgements
    unjudged: list[Unjudged]
    failures: list[Failure]


class Resolved(NamedTuple):
    """Hold what is in force in every environment of a run, before any rule; environments have names when split."""

    environments: tuple[str, ...]
    meshes: tuple[Mesh, ...]
    locator: Locator
    assembly: Assembly


def resolve_all(inputs: Inputs) -> Resolved:
    """Resolve everything that was read."""
    paths = [source.path for source in inputs.sources]
    configured = inputs.areas.tree.namespace_of if inputs.areas is not None else lambda _path: ""
    assembly = assemble(paths, inputs.facts, namespace=inputs.namespace, configured=configured)
    environments = _environments(inputs, assembly)
    meshes = _meshes(inputs, assembly, environments)
    locator = Locator(assembly.resources, lambda file: _bytes(inputs, file))
    return Resolved(tuple(environment.name for environment in environments.all), tuple(meshes), locator, assembly)


def judge_all(inputs: Inputs, resolved: Resolved | None = None) -> Judged:
    """Judge everything that was read; `resolved` is what somebody resolved before."""
    _, meshes, locator, assembly = resolved or resolve_all(inputs)
    files = [source.path if source.file is not None else "" for source in inputs.sources]
    assembler = Assembler({a.rule.id: a.rule for a in inputs.rules}, assembly.resources, locator, files)
    keeper = _keeper(inputs, assembly)
    judgements = [_judged(inputs, mesh, keeper) for mesh in meshes]
    mandatory = inputs.areas.mandatory_at if inputs.areas is not None else nothing_mandatory
    matcher = Matcher(_suppressions(inputs, assembly, meshes, locator), inputs.words, inputs.today, mandatory)
    findings, suppressed = settle(assembler.findings(_faults(judgements)), matcher)
    undecided = assembler.unsettled(_undecided(judgements))
    reach = reach_of(inputs.whole, inputs.sources, assembly.resources)
    on_suppressions = _on_suppressions(inputs, matcher, meshes, assembler, undecided, reach, keeper)
    findings, late = behind_causes(findings, assembler.findings(on_suppressions.faults))
    late, late_suppressed = settle(late, matcher)
    everything = with_fingerprints(sorted([*findings, *late], key=lambda finding: finding.order))
    unjudged = left_out(inputs, assembly)
    return Judged(
        len(assembly.resources),
        tuple(everything),
        (*suppressed, *late_suppressed),
        undecided,
        [
            *notes_of(unjudged, undecided),
            *notes_on_programs(meshes),
            *_notes_on_overrides(inputs, assembly),
            *_ending(inputs, matcher, meshes),
        ],
        _settled([*judgements, on_suppressions]),
        unjudged,
        list(dict.fromkeys(told for judgement in (*judgements, on_suppressions) for told in judgement.failures)),
    )


def _keeper(inputs: Inputs, assembly: Assembly) -> Keeper | None:
    """Return who keeps what holds where, unless the same rules hold everywhere."""
    areas = inputs.areas
    if areas is None or areas.tree.is_uniform:
        return None
    from meshlint.findings.keeping import Keeper

    return Keeper(areas, assembly.resources)


def _judged(inputs: Inputs, mesh: Mesh, keeper: Keeper | None) -> Judgement:
    objects = len(mesh.inventory.resources)
    if keeper is None:
        rules = [active for active in inputs.rules if active.rule.target != _SUPPRESSION]
        return judge_shared(rules, mesh, targets, objects)
    return keeper.judged(
        lambda active: active.rule.target != _SUPPRESSION,
        lambda rules: judge_shared(rules, mesh, targets, objects, keeper.counts),
    )


def _notes_on_overrides(inputs: Inputs, assembly: Assembly) -> Iterable[str]:
    if inputs.areas is None or not inputs.whole or inputs.root is None or inputs.areas.tree.is_uniform:
        return ()
    from meshlint.findings.keeping import home

    namespaces = {home(resource) for resource in assembly.resources}
    return idle_overrides(inputs.areas.tree, [source.path for source in inputs.sources], namespaces)


def _ending(inputs: Inputs, matcher: Matcher, meshes: Sequence[Mesh]) -> list[str]:
    if not (matcher.used or inputs.settings.legacy or any(mesh.policies.all for mesh in meshes)):
        return []
    from meshlint.findings.suppressions.expiry import notes_on_endings, of_legacy, of_policies, of_suppressions

    path = inputs.settings.path or ".meshlint.yaml"
    endings = [
        *of_suppressions(matcher.all, matcher.used),
        *of_policies(meshes),
        *of_legacy(path, inputs.settings.legacy, inputs.today),
    ]
    return notes_on_endings(endings, inputs.today)


def _environments(inputs: Inputs, assembly: Assembly) -> Environments:
    named = frozenset(number for number, source in enumerate(inputs.sources) if source.named)
    return split(
        assembly.resources,
        kustomizations=assembly.kustomizations,
        named=named,
        configured=inputs.settings.environments,
        folder=inputs.settings.folder,
    )


def _meshes(inputs: Inputs, assembly: Assembly, environments: Environments) -> list[Mesh]:
    files = files_of(inputs, assembly)
    repository = repository_of(inputs)
    paths = [source.path for source in inputs.sources]
    unrendered = unrendered_kinds(paths, inputs.facts)
    templated = templated_names(paths, inputs.facts).union(*(item.words for item in assembly.kustomizations))
    meshes = []
    for position, environment in enumerate(environments.all):
        first = position == 0
        meshes.append(
            build_mesh(
                environment.resources,
                inputs.settings,
                today=inputs.today,
                complete=inputs.complete,
                files=files if first else (),
                duplicates=environments.duplicates if first else (),
                repository=repository if first else None,
                patched_namespaces=assembly.patched_namespaces,
                unrendered=unrendered,
                templated=templated,
                added_labels=assembly.added_labels,
                programs=inputs.programs,
            )
        )
    return meshes


def _bytes(inputs: Inputs, file: int) -> bytes | None:
    source = inputs.sources[file]
    if source.file is None:
        return inputs.stdin
    try:
        return read(source)
    except SourceError:
        return None  # it was there a moment ago; its findings keep the line where their object begins


def _suppressions(inputs: Inputs, assembly: Assembly, meshes: Sequence[Mesh], locator: Locator) -> list[Suppression]:
    path = inputs.settings.path or ".meshlint.yaml"
    return [
        *_commented(inputs),
        *from_annotations(assembly.resources, meshes, inputs.words, locator),
        *from_configuration(path, inputs.settings.exceptions),
    ]


def _commented(inputs: Inputs) -> list[Suppression]:
    if not any(told.directives for told in inputs.facts):
        return []
    from meshlint.findings.suppressions.comments import commented_files, from_comments

    return from_comments(commented_files(inputs.sources, inputs.facts, lambda file: _bytes(inputs, file)))


def _faults(judgements: Iterable[Judgement]) -> list[Fault]:
    return [fault for judgement in judgements for fault in judgement.faults]


def _undecided(judgements: Iterable[Judgement]) -> list[Undecided]:
    return [undecided for judgement in judgements for undecided in judgement.undecided]


def _on_suppressions(
    inputs: Inputs,
    matcher: Matcher,
    meshes: Sequence[Mesh],
    assembler: Assembler,
    undecided: Iterable[Unsettled],
    reach: Reach,
    keeper: Keeper | None,
) -> Judgement:
    """Judge the suppressions, when it is known which of them were used."""
    rules = [active for active in inputs.rules if active.rule.target == _SUPPRESSION]
    if not rules:
        return Judgement([], [], {}, {}, [])
    ran = frozenset(active.rule.id for active in inputs.rules)
    path = inputs.settings.path or ".meshlint.yaml"
    required = inputs.settings.required_exception_fields
    held = keeper.held if keeper is not None else lambda _item: ran
    words, left_open = Words(inputs.words, held), left_open_by(undecided, assembler.home)
    found: list[Target] = [
        *suppression_targets(matcher, required, words, left_open, reach, inputs.today),
        *policy_exception_targets(meshes),
        *configured_legacy_targets(path, inputs.settings.legacy, inputs.today),
    ]
    if keeper is None:
        return judge(rules, None, lambda _kind, _model: found)
    return keeper.judged(
        lambda active: active.rule.target == _SUPPRESSION,
        lambda chosen: judge(chosen, None, lambda _kind, _model: found, keeper.counts),
    )


def _settled(judgements: Iterable[Judgement]) -> dict[str, dict[str, int]]:
    """Add up over environments what was settled; rules that met no target stand there empty."""
    total: dict[str, dict[str, int]] = {}
    for judgement in judgements:
        for rule, counts in judgement.settled.items():
            row = total.setdefault(rule, {})
            for namespace, count in counts.items():
                row[namespace] = row.get(namespace, 0) + count
    return total


def left_out(inputs: Inputs, assembly: Assembly) -> list[Unjudged]:
    """Return what was met and could not be read as manifests."""
    found: dict[str, list[str]] = {}
    for source, told in zip(inputs.sources, inputs.facts, strict=True):
        if told.template:
            found.setdefault(told.template, []).append(source.path)
    return unjudged_files(found, assembly.unrendered, inputs.skipped)
