"""Suppressions as rules see them, so that an undocumented or unused one is judged by a rule like everything else.

In: suppressions, which of them were used, the exceptions that policies and the configuration declare. Out: targets of
the word `suppression`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from meshlint.cache import digest
from meshlint.config.model import LegacySelector
from meshlint.findings.finding import Subject
from meshlint.findings.suppressions import Matcher, Suppression
from meshlint.mesh.exceptions import EXPIRES, OWNER, REASON, Exemption, declared, exemption_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.views.values import Target, View, place_view, text_place


class Open(NamedTuple):
    """Hold what could not be judged: ids and names of rules with the files and the objects that they left open."""

    files: frozenset[tuple[str, int]]
    objects: frozenset[tuple[str, Subject]]

    def leaves(self, item: Suppression) -> bool:
        """Tell whether a rule of a suppression might have found something there, had the manifests said more."""
        if item.object:
            return any(rule in item.rules and item.names(subject) for rule, subject in self.objects)
        if item.kind == "config":
            return any(word == rule for word in item.rules for rule, _ in self.objects)
        return any((word, item.file) in self.files for word in item.rules)


class Reach(NamedTuple):
    """Hold what a run looked at: a part of a repository proves nothing about the rest of it."""

    whole: bool  # everything below the root was looked at
    named: frozenset[int]  # files that were operands, whose neighbours may be missing
    paths: Collection[str]  # of the files that were met in folders
    subjects: Collection[Subject]  # the objects in them

    def covers(self, item: Suppression) -> bool:
        """Tell whether the run looked where a suppression would have been used."""
        if self.whole:
            return True
        if item.kind != "config":
            return item.file not in self.named
        if item.object:
            return any(item.names(subject) for subject in self.subjects)
        return any(item.covers_path(path) for path in self.paths)


class Words(NamedTuple):
    """Hold the ids and names of rules: of the whole catalogue, and of those that ran."""

    known: Collection[str]
    ran: Callable[[Suppression], Collection[str]]  # where a suppression speaks


def suppression_targets(
    matcher: Matcher, required: Sequence[str], words: Words, undecided: Open, reach: Reach, today: str
) -> Iterator[Target]:
    """View the comments and configured exceptions of a run."""
    alike: Counter[str] = Counter()
    for position, item in enumerate(matcher.all):
        mark = digest(item.text, item.object or item.glob or item.reason)
        alike[f"{item.path} {mark}"] += 1
        fact = f"{item.kind} {mark} {alike[f'{item.path} {mark}']}"
        unknown = [word for word in item.rules if word not in words.known]
        view = {
            "text": item.text,
            "kind": item.kind,
            "place": text_place(item.path, item.span, fact),
            "rules": ", ".join(item.rules),
            "unknown_rules": f": no rule is called {', '.join(unknown)}" if unknown else "",
            "owner": item.owner,
            "reason": item.reason,
            "expires": item.expires,
            "lacks": item.mistake or ", ".join(item.lacks(required)),
            "expired": item.is_expired(today),
            "fault": _fault(item, required, today),
            "used": position in matcher.used,
            "judged": bool(unknown)
            or (_all_ran(item, words.ran(item)) and not undecided.leaves(item) and reach.covers(item)),
        }
        yield Target(view, None)


def _all_ran(item: Suppression, ran: Collection[str]) -> bool:
    return bool(item.rules) and all(word in ran for word in item.rules)


def _fault(item: Suppression, required: Sequence[str], today: str) -> str:
    if item.mistake:
        return item.mistake
    if item.is_expired(today):
        return f"expired on {item.expires}"
    lacks = item.lacks(required)
    return f"lacks {', '.join(lacks)}" if lacks else ""


def policy_exception_targets(meshes: Iterable[Mesh]) -> Iterator[Target]:
    """View the exceptions that PeerAuthentications declare in their annotations."""
    for mesh in meshes:
        for policy in mesh.policies.all:
            resource = policy.resource
            exemption = exemption_of(resource.annotations, mesh.today)
            if exemption.state == "none":
                continue
            first = next(key for key in (OWNER, REASON, EXPIRES) if resource.annotations.get(key, "").strip())
            # The fact is that of the mode, so that a finding on the opened port says it and this one stays silent.
            place = Place(resource, f"/metadata/annotations/{first.replace('/', '~1')}", "mtls")
            text = f"the exception of {resource.text}"
            yield Target(_declared(text, "policy", exemption) | {"place": place_view(place)}, None)


def configured_legacy_targets(path: str, selectors: Iterable[LegacySelector], today: str) -> Iterator[Target]:
    """View the `legacy:` entries of the configuration that claim to be exceptions."""
    for entry in selectors:
        if not (entry.owner or entry.reason or entry.expires):
            continue
        exemption = declared(entry.owner, entry.reason, entry.expires, today)
        text = f"the legacy entry for namespace {entry.namespace}"
        line = entry.line or 1
        place = text_place(entry.file or path, (line, 1, line, 1), "legacy " + digest(repr(entry[:4])))
        yield Target(_declared(text, "config", exemption) | {"place": place}, None)


def _declared(text: str, kind: str, exemption: Exemption) -> View:
    lacks = ", ".join(exemption.lacks)
    expired = exemption.state == "expired"
    return {
        "text": text,
        "kind": kind,
        "rules": "",
        "unknown_rules": "",
        "owner": exemption.owner,
        "reason": exemption.reason,
        "expires": exemption.expires,
        "lacks": lacks,
        "expired": expired,
        "fault": f"lacks {lacks}" if lacks else f"expired on {exemption.expires}" if expired else "",
        "used": True,
        "judged": True,
    }
