"""What every key of a rule file and of `pack.yaml` means, in a sentence.

In: nothing. Out: a table, by the part of the file (`policy.schema`) and the key. Editors show it.
"""

from __future__ import annotations

MEANINGS = {
    "PackRule": "One rule: what it is about, what it asks, and what it says when the answer is no.",
    "PackRule.id": "A short name, such as HMS001; left out: the full name, `pack/name`.",
    "PackRule.name": "What is at fault, in words joined by hyphens; the file is called so, too.",
    "PackRule.since": "The version of the pack that brought the rule.",
    "PackRule.severity": "How grave a finding is.",
    "PackRule.severity_when": "A condition, and the severity where it holds.",
    "PackRule.confidence": "How sure a finding is; left out: high.",
    "PackRule.profile": "The smallest profile in which the rule runs; left out: every one.",
    "PackRule.target": "What is judged: each workload, service, edge (a call) …, or each object of some kinds.",
    "PackRule.each": "A name, and the path of a list whose elements are judged one by one.",
    "PackRule.when": "Where the rule applies, in CEL; left out: everywhere.",
    "PackRule.let": "Names for expressions, which `require`, later names and texts may use.",
    "PackRule.require": "What has to be true, in CEL; false is a finding.",
    "PackRule.check": "A Python check in the place of `require`, by name.",
    "PackRule.params": "What users may set, with its default; expressions call it `params.name`.",
    "PackRule.on_unknown": "What becomes of it when the manifests do not tell: undecided (left out), fire or silent.",
    "PackRule.at": "Paths of places to point to; the first that exists counts. Left out: the target.",
    "PackRule.related": "Paths of further places, or what to say at each of them.",
    "PackRule.message": "What is so: a fact, with the values of facts in braces.",
    "PackRule.help": "What to do about it, with the values of facts in braces.",
    "PackRule.why": "Why the rule is there; `meshlint explain` shows it, reports its first sentence.",
    "PackRule.controls": "Controls that the rule serves, by framework.",
    "PackRule.equivalents": "Rules of other tools that ask the same.",
    "PackRule.fix": "What removes a finding.",
    "PackRule.examples": "Manifests that the rule is tried on.",
    "SeverityWhen.when": "The condition, in CEL.",
    "SeverityWhen.severity": "The severity where the condition holds.",
    "Examples.good": "Manifests that no rule finds anything in.",
    "Examples.bad": "Manifests with a comment `# expect: name` at the end of each line at fault.",
    "Create.manifest": "The manifest of the missing object, with the values of facts in braces.",
    "Create.beside": "The path of a place in whose folder the file is written.",
    "Create.repeat": "Values that are taken over: where they go, and their path in the object at the place.",
    "Tuning.severity": "How grave a finding of the rule is.",
    "Tuning.enabled": "false switches the rule off and true on, whatever the profile says.",
    "Tuning.params": "The parameters of the rule.",
    "Manifest": "What a pack of rules says of itself.",
    "Manifest.name": "The name of the pack: its rules are called `name/rule`, and `--select name` means them all.",
    "Manifest.version": "The version of the pack, such as 1.0.0.",
    "Manifest.requires": "The versions of meshlint that the pack works with, such as `>=0.1,<2`.",
    "Manifest.description": "What the pack is for, in a sentence.",
    "Manifest.tunes": "What the pack changes about rules of meshlint, by id or name; the configuration comes later.",
    **{
        f"{part}.{key}": meaning
        for part in ("Way", "Fix")
        for key, meaning in {
            "does": "What the fix does, in a sentence.",
            "when": "Where it applies, in CEL; left out: at every finding.",
            "at": "The path of the place that is changed; left out: the place of the finding.",
            "inside": "The value at the place is text that holds YAML, as in a ConfigMap.",
            "set": "Values by where they go, seen from the place.",
            "fill": "Like `set`, and what is there already stays.",
            "repeat": "Where a value is written once more, and its path.",
            "move": "Values that move: from where, and where to.",
            "rename": "Keys that are renamed: the old one and the new one.",
            "append": "Items by the list that they are put at the end of.",
            "remove": "What is taken out, seen from the place.",
            "create": "An object that is missing.",
            "codeowners": "The path of the files for which CODEOWNERS gets a line.",
            "uncomment": "Take the comment out.",
            "review": "What to look at before the change is trusted.",
        }.items()
    },
    "Fix.safe": "No proxy behaves differently after it; else it is applied with --unsafe only.",
    "Fix.otherwise": "Why there is no fix where no way applies.",
    "Fix.ways": "Several ways; the first that applies is taken.",
}
