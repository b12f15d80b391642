"""What every key of a configuration means, in a sentence.

In: nothing. Out: a table, by the part of the file (`config.schema`) and the key. Editors show it.
"""

from __future__ import annotations

MEANINGS = {
    "Configuration": "What meshlint judges in this repository, and how. Every key is optional.",
    "Configuration.root": "This file marks the root of the tree: paths in reports are relative to its folder.",
    "Configuration.profile": "Which rules run: baseline (what nobody can do without), standard, strict (everything).",
    "Configuration.select": "Rules by id, name or family. When given, these run in the place of the profile.",
    "Configuration.ignore": "Rules that do not run, whatever the profile or `select` says.",
    "Configuration.exclude": "Files and folders that are not read, written as in .gitignore.",
    "Configuration.fail-on": "The least severity that fails a run.",
    "Configuration.complete": "This tree is the whole cluster: what it does not hold does not exist.",
    "Configuration.rules": (
        "What is different about single rules, by id or name; or a list of packs, folders such as `./policy` and names "
        "of installed packs, and of such settings."
    ),
    "Configuration.legacy": "Ports that may serve or call raw TCP for a while.",
    "Configuration.externals": "What exists although no manifest here shows it: hosts, `Kind/namespace/name`.",
    "Configuration.assume": "What is true of the cluster and stands in no manifest.",
    "Configuration.environments": "Sets of files that are never in one cluster together, by name.",
    "Configuration.exceptions": "Findings that are accepted.",
    "Configuration.required-exception-fields": "What every exception must state, wherever it stands.",
    "Configuration.ownership": "How the repository names the owners of its files.",
    "Configuration.baseline": "The file of findings that were there when meshlint came.",
    "Configuration.mandatory": "Rules and families that always run, and whose findings nothing takes out.",
    "Configuration.overrides": "What is different in a part of the repository.",
    "Configuration.namespaces": "The namespace of objects that state none, by the files that hold them.",
    "Rule.severity": "How grave a finding of the rule is; left out: as the rule says.",
    "Rule.enabled": "false switches the rule off and true on, whatever the profile says.",
    "Rule.params": "The parameters of the rule; `meshlint explain RULE` lists them.",
    "OverrideEntry.paths": "The files that this is about, written as in .gitignore.",
    "OverrideEntry.namespaces": "The namespaces that this is about; `*` stands for any text.",
    "OverrideEntry.profile": "The profile there.",
    "OverrideEntry.select": "The rules that run there in the place of the profile.",
    "OverrideEntry.ignore": "Rules that do not run there.",
    "OverrideEntry.rules": "What is different about single rules there.",
    "Legacy.namespace": "The namespace of what is selected.",
    "Legacy.service": "The service; left out: any of the namespace.",
    "Legacy.workload": "Labels of the pods, all of which must be equal.",
    "Legacy.ports": "The ports; left out: every port of what is selected.",
    "Legacy.owner": "Who answers for it.",
    "Legacy.reason": "Why the port cannot join the mesh yet.",
    "Legacy.expires": "The last day on which it holds, as 2027-01-31.",
    "Assume.namespaces": "Namespaces without a manifest, by name.",
    "Assume.meshConfig": "Fields of Istio's MeshConfig.",
    "AssumedNamespace.labels": "The labels of the namespace.",
    "Exemption.rule": "The rule, by id or name.",
    "Exemption.rules": "Several rules, by id or name.",
    "Exemption.object": "`Kind namespace/name` or `Kind name`; `*` stands for any text.",
    "Exemption.path": "The files, as a line of .gitignore.",
    "Exemption.namespace": "The namespace; `*` stands for any text.",
    "Exemption.reason": "Why the finding is accepted.",
    "Exemption.owner": "Who answers for it.",
    "Exemption.expires": "The last day on which it holds, as 2027-01-31.",
    "Exemption.ticket": "Where it is going to be mended.",
    "Ownership.platform": "How CODEOWNERS is read; auto tells it from the repository.",
    "Ownership.policy-owners": "Who may own mesh policy; left out: anybody.",
    "Ownership.elsewhere": "Ownership is kept by another means, so CODEOWNERS is not asked for.",
    "Ownership.exempt": "Generated and vendored files that need no owner.",
}
