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
from meshlint.sources.walk import shown_path


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
    own = [path for path in _own_files(inputs) if not os.path.isabs(path) and not path.startswith("..")]
    exempt = _exempt(inputs, [*paths, *own])
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
    return (*found, *(configuration_fact(path, inputs.codeowners) for path in own if path not in exempt))


def _own_files(inputs: Inputs) -> list[str]:
    """Return the configurations and the baseline: whoever changes one of them decides what is reported."""
    configurations: Sequence[Settings] = inputs.areas.tree.all if inputs.areas is not None else (inputs.settings,)
    paths = [settings.path for settings in configurations if settings.path is not None]
    known = inputs.settings.baseline
    return [*paths, shown_path(known, inputs.root)] if known else paths


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
