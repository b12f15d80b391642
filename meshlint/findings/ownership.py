"""What a repository holds, as rules about files and owners see it.

In: the sources of a run, CODEOWNERS, the configurations. Out: facts about the repository and each of its files. The
configurations need owners as policy does, because they say what is judged.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from meshlint.config.model import Settings
from meshlint.findings.inputs import Inputs
from meshlint.mesh.files import FileFact, RepositoryFact, configuration_fact, file_facts
from meshlint.mesh.ownership.exempt import exempt_paths
from meshlint.mesh.ownership.guards import guards_of
from meshlint.resources.assembly import Assembly


def repository_of(inputs: Inputs) -> RepositoryFact | None:
    """Describe the repository; None where nothing says which one it is."""
    if inputs.root is None:
        return None
    codeowners, setting = inputs.codeowners, inputs.settings.ownership
    guards = guards_of(inputs.root, codeowners) if codeowners is not None else ()
    platform = codeowners.platform if codeowners is not None else None
    return RepositoryFact(codeowners is not None, setting.elsewhere, setting.policy_owners, platform, guards)


def files_of(inputs: Inputs, assembly: Assembly) -> tuple[FileFact, ...]:
    """Describe every file that was read, and the configurations where there is policy."""
    paths = [source.path for source in inputs.sources]
    configurations = [settings for settings in _configurations(inputs) if _is_inside(settings.path)]
    exempt = _exempt(inputs, [*paths, *(settings.path or "" for settings in configurations)])
    below = [
        inputs.root is not None
        and source.file is not None
        and source.file.startswith(inputs.root.rstrip("/") + "/")
        and source.path not in exempt
        for source in inputs.sources
    ]
    named, owners = [source.named for source in inputs.sources], inputs.settings.ownership.policy_owners
    found = file_facts(paths, named, inputs.facts, assembly.resources, inputs.codeowners, below, owners)
    if inputs.codeowners is None or not any(fact.policy is not None for fact in found):
        return found
    owned = [settings.path for settings in configurations if settings.path and settings.path not in exempt]
    return (*found, *(configuration_fact(path, inputs.codeowners) for path in owned))


def _configurations(inputs: Inputs) -> Sequence[Settings]:
    return inputs.areas.tree.all if inputs.areas is not None else (inputs.settings,)


def _is_inside(path: str | None) -> bool:
    return path is not None and not os.path.isabs(path) and not path.startswith("..")


def _exempt(inputs: Inputs, paths: Sequence[str]) -> frozenset[str]:
    """Return the paths that need no owner, as the configuration of their folder or one above it says."""
    if inputs.areas is None:
        return exempt_paths(paths, inputs.settings.ownership.exempt)
    if not any(settings.ownership.exempt for settings in inputs.areas.tree.all):
        return frozenset()
    groups = inputs.areas.tree.grouped(paths)
    return frozenset(
        group[path] for settings, group in groups for path in exempt_paths(group, settings.ownership.exempt)
    )
