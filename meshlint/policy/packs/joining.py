"""One catalogue of our rules and those of all packs.

In: packs. Out: a catalogue, or both places of what two of them claim. A pack never takes the place of a rule that is
there; what it shares with ours was refused when it was compiled.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from meshlint.config.mandatory import contradictions
from meshlint.config.model import KnownRule, Settings
from meshlint.errors import RuleError
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.packs.files import MANIFEST, inside
from meshlint.policy.packs.pack import Pack


def joined(ours: Catalogue, packs: Sequence[Pack]) -> Catalogue:
    """Return one catalogue of all rules.

    Raises RuleErrors with both places of every name and id that two packs claim.
    """
    if collisions := list(_collisions(packs)):
        from meshlint.policy.rule_files.rule_file import RuleErrors

        raise RuleErrors(collisions)
    return ours.joined([pack.catalogue for pack in packs])


def refuse_softened(packs: Sequence[Pack], settings: Settings, known: Sequence[KnownRule]) -> None:
    """Refuse packs that switch off or soften what the configuration makes mandatory.

    Raises RuleErrors with the places in the packs.
    """
    softened = [
        (pack, found) for pack in packs if (found := contradictions(Settings(rules=pack.tunes), settings, known))
    ]
    if not softened:
        return
    from meshlint.policy.rule_files.rule_file import RuleErrors, read_rule_file

    errors: list[RuleError] = []
    for pack, found in softened:
        file = read_rule_file(os.path.join(pack.folder, MANIFEST), pack.manifest)
        for pointer, told, help in found:
            file.refuse(pointer, told, help)
        errors += file.sorted_errors()
    raise RuleErrors(errors)


def _collisions(packs: Sequence[Pack]) -> Iterator[RuleError]:
    named: dict[str, Pack] = {}
    ids: dict[str, tuple[Pack, str]] = {}
    frameworks: dict[str, Pack] = {}
    for pack in packs:
        if (other := named.setdefault(pack.name, pack)) is not pack:
            yield from (_manifest_error(other, pack), _manifest_error(pack, other))
            continue
        for framework in pack.catalogue.frameworks:
            if (other := frameworks.setdefault(framework, pack)) is not pack:
                yield RuleError(f"{other.shown} and {pack.shown} both bring the framework `{framework}`")
        for rule in pack.catalogue.rules:
            first, name = ids.setdefault(rule.id, (pack, rule.name))
            if first is not pack:
                yield _rule_error(first, rule.id, f"the id `{rule.id}` belongs to {rule.name}, too")
                yield _rule_error(pack, rule.id, f"the id `{rule.id}` belongs to {name}, too")


def _manifest_error(pack: Pack, other: Pack) -> RuleError:
    told = f"the pack {other.shown} is called `{pack.name}`, too"
    return _error_at(pack, MANIFEST, "/name", told)


def _rule_error(pack: Pack, id_: str, told: str) -> RuleError:
    path = pack.catalogue.documents()[id_].path
    return _error_at(pack, path.removeprefix(inside(pack.shown, "")), "/id", told)


def _error_at(pack: Pack, name: str, pointer: str, told: str) -> RuleError:
    from meshlint.policy.rule_files.rule_file import read_rule_file

    path = os.path.join(pack.folder, name)
    if not os.path.isfile(path):
        return RuleError(f"{told} (this one is {pack.shown})", help=f"write a {MANIFEST} with another `name`")
    file = read_rule_file(path, inside(pack.shown, name))
    file.refuse(pointer, told)
    return file.errors[0]
