"""Suppressions as rules see them, so that an undocumented or unused one is judged by a rule like everything else.

In: suppressions, which of them were used, the exceptions that policies and the configuration declare. Out: targets of
the word `suppression`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from meshlint.cache import digest
from meshlint.config.model import LegacySelector
from meshlint.findings.finding import Subject, Unsettled
from meshlint.findings.suppressions.matching import Matcher
from meshlint.findings.suppressions.suppressions import Suppression
from meshlint.mesh.exceptions import EXPIRES, OWNER, REASON, Exemption, declared, exemption_of
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.model import Place
from meshlint.policy.selection.rule_words import EVERY, RuleWords
from meshlint.policy.views import values
from meshlint.policy.views.values import Target, View, place_view, shown, text_place
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource
from meshlint.sources.source import Source

_MOST_LOOKED_UP = 50  # words that no rule has: looking for a like one takes milliseconds


class Open(NamedTuple):
    """Hold what could not be judged: ids of rules with the files and the objects that they left open."""

    files: frozenset[tuple[str, int]]
    objects: frozenset[tuple[str, Subject]]

    def leaves(self, item: Suppression, rules: Collection[str]) -> bool:
        """Tell whether a rule of a suppression might have found something there, had the manifests said more."""
        if item.object:
            return any(rule in rules and item.names(subject) for rule, subject in self.objects)
        if item.namespace:
            return any(rule in rules and item.covers_namespace(subject) for rule, subject in self.objects)
        if item.kind == "config":
            return any(rule in rules for rule, _ in self.objects)
        return any((rule, item.file) in self.files for rule in rules)


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
        if item.namespace:
            return any(item.covers_namespace(subject) for subject in self.subjects)
        return any(item.covers_path(path) for path in self.paths)


def left_open_by(undecided: Iterable[Unsettled], home_of: Callable[[Subject], tuple[int, int] | None]) -> Open:
    """Return what undecided judgements left open."""
    rows = [(item.rule, item.resource) for item in undecided]
    homes = {(rule, home[0]) for rule, subject in rows if (home := home_of(subject)) is not None}
    return Open(frozenset(homes), frozenset(rows))


def reach_of(whole: bool, sources: Sequence[Source], resources: Iterable[Resource]) -> Reach:
    """Return what a run looked at; `whole` says that it was everything below the root."""
    named = frozenset(number for number, source in enumerate(sources) if source.named)
    if whole:
        return Reach(True, named, (), ())
    met = [resource for resource in resources if resource.file not in named]
    subjects = {Subject(r.api_version, r.kind, r.namespace, r.name) for r in met}
    return Reach(False, named, [source.path for source in sources if not source.named], subjects)


class Words(NamedTuple):
    """Hold what words mean, and the ids of the rules that ran."""

    rules: RuleWords
    ran: Callable[[Suppression], frozenset[str]]  # where a suppression speaks


def suppression_targets(
    matcher: Matcher, required: Sequence[str], words: Words, undecided: Open, reach: Reach, today: str
) -> Iterator[Target]:
    """View the comments and configured exceptions of a run."""
    alike: Counter[str] = Counter()
    nearest: dict[str, str | None] = {}
    for position, item in enumerate(matcher.all):
        mark = digest(item.text, item.object or item.glob or item.reason)
        alike[f"{item.path} {mark}"] += 1
        fact = f"{item.kind} {mark} {alike[f'{item.path} {mark}']}"
        unknown = [word for word in item.rules if not words.rules.ids_of(word)]
        mandatory = matcher.named_mandatory(position)
        view = {
            "text": item.text,
            "kind": item.kind,
            "place": place_view(item.place._replace(fact=fact))
            if item.place
            else text_place(item.path, item.span, fact),
            "rules": ", ".join(item.rules),
            "unknown_rules": _unknown(unknown, words.rules, nearest) if unknown else "",
            "mandatory_rules": shown(mandatory),
            "breadth": _breadth(item, words.rules),
            "foreign": bool(item.foreign),
            "owner": item.owner,
            "reason": item.reason,
            "expires": item.expires,
            "lacks": item.mistake or ", ".join(item.lacks(required)),
            "expired": item.is_expired(today),
            "fault": _fault(item, required, today),
            "used": position in matcher.used,
            "judged": bool(unknown) or (not mandatory and _is_judged(item, words, undecided, reach)),
        }
        yield Target(view, values.Subject(*item.subject) if item.subject is not None else None)


def _unknown(unknown: Sequence[str], words: RuleWords, nearest: dict[str, str | None]) -> str:
    """Name the words that mean no rule, the first with the word that was meant; `nearest` keeps what was looked up."""
    from meshlint.spelling import nearest as nearest_to

    first = unknown[0]
    if first not in nearest and len(nearest) < _MOST_LOOKED_UP:
        nearest[first] = nearest_to(first, words.known())
    meant = f"; did you mean `{nearest[first]}`?" if nearest.get(first) else ""
    return f": no rule is called {', '.join(unknown)}{meant}"


def _is_judged(item: Suppression, words: Words, undecided: Open, reach: Reach) -> bool:
    """Tell whether a suppression that was not used is of no use; the codes of another tool are that tool's business."""
    if item.foreign or not item.rules:
        return False
    rules = frozenset().union(*(words.rules.ids_of(word) for word in item.rules))
    return rules <= words.ran(item) and not undecided.leaves(item, rules) and reach.covers(item)


def _breadth(item: Suppression, words: RuleWords) -> str:
    """Say what a suppression covers that is more than rules at a place."""
    found = []
    if item.is_all or EVERY in item.rules:
        found.append("every rule that has a code there" if item.is_all else "every rule")
    families = [word for word in item.rules if word != EVERY and words.is_wide(word)]
    found += [f"all {len(words.ids_of(word))} rules of {word}" for word in families]
    found += filter(None, [item.reaches_everywhere()])
    return f"covers {shown(found)}" if found else ""


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
        "mandatory_rules": "",
        "breadth": "",
        "foreign": False,
        "owner": exemption.owner,
        "reason": exemption.reason,
        "expires": exemption.expires,
        "lacks": lacks,
        "expired": expired,
        "fault": f"lacks {lacks}" if lacks else f"expired on {exemption.expires}" if expired else "",
        "used": True,
        "judged": True,
    }
