"""Lists of rules: by family, by profile, by control, and by the code of another tool.

In: the manual. Out: Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rule_pages import FAMILIES, PEERS, Manual, mark, peer_codes

from meshlint.policy.rule import CompiledRule


def by_family(manual: Manual) -> str:
    """Return all rules, below their families."""
    parts = []
    for family in _families(manual):
        rules = [rule for rule in manual.rules if rule.family == family]
        title = f"## [{family}]({family}/index.md): {FAMILIES.get(family, family)}"
        parts.append(f"{title}\n\n{_table(rules, family + '/')}")
    return "\n\n".join(parts)


def family_pages(manual: Manual) -> dict[str, str]:
    """Return an index page for each family."""
    return {f"rules/{family}/index.md": _family_page(manual, family) for family in _families(manual)}


def _family_page(manual: Manual, family: str) -> str:
    rules = [rule for rule in manual.rules if rule.family == family]
    opening = f"# {family}\n\nRules about {FAMILIES.get(family, family)}. `--select {family}` runs them alone.\n\n"
    return opening + _table(rules, "") + "\n\n[All rules](../index.md)\n"


def by_profile(manual: Manual) -> str:
    """Return the rules of each profile, without those of the one that it includes."""
    parts = []
    for profile in manual.catalogue.profiles:
        rules = [rule for rule in manual.rules if rule.profile == profile.name]
        includes = f" It also has every rule of `{profile.includes}`." if profile.includes else ""
        parts.append(f"## {profile.name}\n\n{profile.meaning}{includes}\n\n{_table(rules)}")
    return "\n\n".join(parts)


def by_control(manual: Manual) -> str:
    """Return each framework with its controls and the rules that cite them."""
    parts = []
    for framework, short in manual.catalogue.frameworks.items():
        rows = ["| control | asks, in our words | rules |", "| --- | --- | --- |"]
        for id_, title in manual.titles.get(framework, {}).items():
            rules = [rule for rule in manual.rules if id_ in rule.controls.get(framework, ())]
            if rules:
                rows.append(f"| {id_} | {title} | {', '.join(map(_link, rules))} |")
        if len(rows) > 2:
            parts.append(f"## {short}\n\n" + "\n".join(rows))
    return "\n\n".join(parts)


def by_peer(manual: Manual) -> str:
    """Return the codes of other tools, each with our rules."""
    codes: dict[str, dict[str, list[CompiledRule]]] = {}
    for rule in manual.rules:
        for peer, theirs in peer_codes(manual.told[rule.id]).items():
            for code in theirs:
                codes.setdefault(peer, {}).setdefault(code, []).append(rule)
    order = [*(peer for peer in PEERS if peer in codes), *sorted(peer for peer in codes if peer not in PEERS)]
    return "\n\n".join(f"## {PEERS.get(peer, peer)}\n\n{_codes(codes[peer])}" for peer in order)


def _codes(codes: dict[str, list[CompiledRule]]) -> str:
    rows = ["| code | rule |", "| --- | --- |"]
    for code in sorted(codes, key=_natural):
        rows.append(f"| `{code}` | {', '.join(f'{_link(rule)} {rule.name}' for rule in codes[code])} |")
    return "\n".join(rows)


def _natural(code: str) -> list[tuple[bool, int, str]]:
    """Order 2 before 10."""
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", code)]


def _families(manual: Manual) -> list[str]:
    return sorted({rule.family for rule in manual.rules})


def _link(rule: CompiledRule) -> str:
    return f"[{rule.id}]({rule.family}/{rule.name}.md)"


def _table(rules: Iterable[CompiledRule], folder: str | None = None) -> str:
    return "\n".join(_rows(rules, folder))


def _rows(rules: Iterable[CompiledRule], folder: str | None) -> Iterator[str]:
    yield "| rule | | what it is about |\n| --- | --- | --- |"
    for rule in rules:
        path = f"{rule.family}/" if folder is None else folder
        summary = rule.summary.replace("|", "\\|")
        yield f"| [{rule.id}]({path}{rule.name}.md) {rule.name} | {mark(rule.severity)} | {summary} |"
