"""A run weighed for a review: by control, namespace, rule or owner, what was judged, found, and left open.

In: a report, the catalogue, the rules of the run, who owns a file. Out: rows, as text or JSON. No row says that
anything complies: manifests show a part of a control, and a row speaks of that part alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from meshlint import __version__
from meshlint.findings.finding import Subject
from meshlint.findings.report import Report
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.rule import CompiledRule, title_of
from meshlint.records import NamedTuple
from meshlint.reports.frame import clean, counted
from meshlint.reports.text import justification, one_line, summary_line

Plain = dict[str, Any]
Key = tuple[str, ...]
Owners = Callable[[str], tuple[str, ...]]

VIEWS = ("control", "namespace", "rule", "owner")
_NOWHERE = "no namespace"
_NOBODY = "no owner known"


class Row(NamedTuple):
    """Hold what is said under one heading; `judged` is None where a run does not count by it."""

    key: Key  # framework and id of a control, else one word
    title: str
    rules: dict[str, int]  # that are weighed here, with their judgements
    controls: Mapping[str, list[str]]  # of a rule; empty for what is no rule
    judged: int | None
    findings: list[Plain]
    suppressed: list[Plain]
    undecided: list[Plain]

    @property
    def name(self) -> str:
        """Return what the row is about."""
        return self.key[-1]


def review(
    by: str, report: Report, catalogue: Catalogue, rules: Sequence[CompiledRule], owners_of: Owners
) -> list[Row]:
    """Group a report; a control or rule without anything found has a row too."""
    controls = {rule.id: [(name, id_) for name, ids in rule.controls.items() for id_ in ids] for rule in rules}
    keys_of: dict[str, Callable[[Plain], Sequence[Key]]] = {
        "control": lambda item: controls.get(item["rule"], []),
        "rule": lambda item: [(item["rule"],)],
        "namespace": lambda item: [(_namespace(item["resource"]),)],
        "owner": lambda item: [(owner,) for owner in owners_of(_path(item)) or (_NOBODY,)],
    }
    rows: dict[Key, Row] = {}
    for key in sorted(set(_keys(by, report, controls))):
        rows[key] = _row(by, key, catalogue, rules, report)
    for field, items in (
        ("findings", report.findings), ("suppressed", report.suppressed), ("undecided", report.undecided),
    ):  # fmt: skip
        for item in items:
            for key in keys_of[by](item):
                if key not in rows:
                    rows[key] = _row(by, key, catalogue, rules, report)
                getattr(rows[key], field).append(item)
    return sorted(rows.values(), key=lambda row: row.key)


def _keys(by: str, report: Report, controls: Mapping[str, Sequence[Key]]) -> list[Key]:
    """Return the rows that stand there whatever was found."""
    if by == "control":
        return [key for keys in controls.values() for key in keys]
    if by == "rule":
        return [(rule,) for rule in controls]
    if by == "namespace":
        return [(namespace or _NOWHERE,) for counts in report.judged.values() for namespace in counts]
    return []


def _row(by: str, key: Key, catalogue: Catalogue, rules: Sequence[CompiledRule], report: Report) -> Row:
    title, concerned = "", []
    controls: Mapping[str, list[str]] = {}
    if by == "control":
        title = catalogue.controls().get(key[0], {}).get(key[1], "")
        concerned = [rule.id for rule in rules if key[1] in rule.controls.get(key[0], ())]
    elif by == "rule":
        concerned = [key[0]]
        rule = next(rule for rule in rules if rule.id == key[0])
        title = rule.summary if rule.name == rule.id else f"{rule.name}: {rule.summary}"
        controls = rule.controls
    counts = {id_: sum(report.judged.get(id_, {}).values()) for id_ in concerned}
    return Row(key, title, counts, controls, _judged_under(by, key, counts, report), [], [], [])


def _judged_under(by: str, key: Key, counts: Mapping[str, int], report: Report) -> int | None:
    """Return how many judgements were reached under a key."""
    if by == "owner":
        return None
    if by == "namespace":
        namespace = "" if key[0] == _NOWHERE else key[0]
        return sum(found.get(namespace, 0) for found in report.judged.values())
    return sum(counts.values())


def _namespace(resource: Mapping[str, str]) -> str:
    own = resource["name"] if resource["kind"] == "Namespace" else resource["namespace"]
    return own or _NOWHERE


def _path(item: Plain) -> str:
    path: str = item["location"]["path"] if "location" in item else item["path"]
    return path


def statement(by: str, row: Row) -> str:
    """Say in one sentence what a row comes to; it never says that anything complies."""
    about = _about(by, row.name)
    if row.findings:
        said = f"{counted(len(row.findings), 'finding')} {about}"
    elif row.judged or row.suppressed or (row.judged is None and not row.undecided):
        said = f"no finding {about}"
    elif row.undecided:
        said = f"nothing could be judged {about}"
    else:
        return f"{row.name} met nothing to judge" if by == "rule" else f"nothing was there to judge {about}"
    also = [f"{len(row.suppressed)} suppressed"] if row.suppressed else []
    also += [f"{len(row.undecided)} undecided"] if row.undecided else []
    return ", ".join([said, *also])


def _about(by: str, name: str) -> str:
    if by == "control":
        return f"against the manifest-checkable part of {name}"
    if by == "rule":
        return f"of {name}"
    if by == "namespace":
        return "on objects without a namespace" if name == _NOWHERE else f"in namespace {name}"
    return "in files without a known owner" if name == _NOBODY else f"in files of {name}"


def review_json(by: str, rows: Sequence[Row], report: Report) -> str:
    """Return the review as JSON; `key` holds framework and id for a control, one word otherwise."""
    import json

    told = [row._asdict() | {"key": list(row.key), "statement": statement(by, row)} for row in rows]
    document = {
        "version": 1,
        "tool": {"name": "meshlint", "version": __version__},
        "by": by,
        "summary": report.summary,
        "rows": told,
        "unjudged": report.unjudged,
        "notes": report.notes,
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def review_text(by: str, rows: Sequence[Row], report: Report, frameworks: Mapping[str, str]) -> str:
    """Return the review for people."""
    out: list[str] = []
    group = ""
    for row in rows:
        if by == "control" and row.key[0] != group:
            group = row.key[0]
            out += [f"{frameworks.get(group, group)}", ""]
        out += [*_shown(by, row, frameworks), ""]
    out += [f"note: {clean(note)}" for note in report.notes]
    out.append(summary_line(report))
    return "\n".join(out) + "\n"


def _shown(by: str, row: Row, frameworks: Mapping[str, str]) -> Iterator[str]:
    yield clean(f"{row.name}  {row.title}".rstrip())
    yield f"  {clean(statement(by, row))}"
    if row.judged is not None:
        met = [f"{rule} {count}" for rule, count in row.rules.items() if count]
        yield f"  judged: {counted(row.judged, 'judgement')}{_listed(met)}"
    if row.controls:
        listed = (f"{frameworks.get(name, name)} {', '.join(ids)}" for name, ids in row.controls.items())
        yield f"  controls: {'; '.join(listed)}"
    told = _short if by == "control" else one_line
    yield from (f"  found: {told(item)}" for item in row.findings)
    for item in row.suppressed:
        why = item["suppression"]
        yield f"  suppressed by {why['kind']} ({clean(justification(why))}): {told(item)}"
    yield from _left_open(row.undecided)


def _listed(words: Sequence[str]) -> str:
    return f" ({', '.join(words)})" if words else ""


def _short(finding: Mapping[str, Any]) -> str:
    """Return a finding by its rule, place and object; a control repeats what others have as well."""
    place = finding["location"]
    subject = Subject(**finding["resource"]).text
    return clean(
        f"{title_of(finding['rule'], finding['name'])} at {place['path']}:{place['start']['line']} on {subject}"
    )


def _left_open(undecided: Sequence[Plain]) -> Iterator[str]:
    groups: dict[str, list[Plain]] = {}
    for item in undecided:
        groups.setdefault(item["missing"], []).append(item)
    for missing, items in sorted(groups.items()):
        rules = ", ".join(sorted({item["rule"] for item in items}))
        number = counted(len(items), "judgement")
        yield f"  undecided: {number} ({rules}), because the manifests do not say the {clean(missing)}"
