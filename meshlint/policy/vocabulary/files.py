"""Facts about files, the repository and suppressions.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "Guard",
        "Files that decide who is asked and whether anything is checked: CODEOWNERS, CI workflows, hooks.",
        (
            Field("text", "string", "the first of them, and how many more"),
            Field("what", "string", "what they are"),
            Field("paths", "list string", "all of them"),
            Field("owned", "bool", "CODEOWNERS gives them a valid owner", "the CODEOWNERS dialect does not settle it"),
            Field("accepted", "bool", "one of their owners may own mesh policy, or anybody may"),
            Field("because", "string", "which line of CODEOWNERS decided"),
            Field("place", "Place", "the first of them"),
        ),
    ),
    Message(
        "Override",
        "A later line of CODEOWNERS that takes a file away from owners that an earlier one gave it.",
        (
            Field("exists", "bool", "there is such a line"),
            Field("before", "string", "the earlier owners"),
            Field("before_line", "int", "the line that named them"),
            Field("after", "string", "the owners in force"),
            Field("after_line", "int", "the line that decides"),
        ),
    ),
    Message(
        "Repository",
        "The repository below the root.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "its first policy file"),
            Field("policy_files", "int", "how many files hold mesh policy"),
            Field("has_codeowners", "bool", "a CODEOWNERS file stands where a platform looks"),
            Field("owned_elsewhere", "bool", "the configuration says that another mechanism keeps ownership"),
            Field("policy_owners", "string", "who may own mesh policy, joined; empty when anybody may"),
            Field("paths", "list string", "the files with mesh policy"),
            Field("looked_in", "string", "the places looked at"),
            Field("guards", "list Guard", "the files that guard the policy"),
        ),
    ),
    Message(
        "Problem",
        "What keeps a document from being read as its author meant it.",
        (
            Field("code", "string", "syntax, duplicate-key, encoding, too-deep, …"),
            Field("text", "string", "what is wrong"),
            Field("place", "Place", "where"),
            Field("is_note", "bool", "it only says that something was not judged"),
        ),
    ),
    Message(
        "File",
        "A file of the run.",
        (
            Field("text", "string", "its path"),
            Field("path", "string", "its path below the root"),
            Field("place", "Place", "its first object, else its first line"),
            Field("problems", "list Problem", "what is wrong with its text"),
            Field("holds_policy", "bool", "it holds mesh policy or meshlint's own configuration"),
            Field("policy", "string", "the first policy object in it"),
            Field("in_repository", "bool", "a root is known, the file lies below it, and CODEOWNERS exists"),
            Field("owned", "bool", "CODEOWNERS gives it a valid owner", "the CODEOWNERS dialect does not settle it"),
            Field("owners", "list string", "its owners"),
            Field("owner_names", "string", "its owners, joined"),
            Field("policy_owners", "string", "who may own mesh policy, joined; empty when anybody may"),
            Field("accepted", "bool", "one of its owners is among those who may own mesh policy"),
            Field("only_persons", "bool", "every owner is a single person", "the platform's names do not tell"),
            Field("override", "Override", "better owners that a later line took it away from"),
            Field("because", "string", "which line of CODEOWNERS decided"),
        ),
    ),
    Message(
        "Suppression",
        "A comment, annotation or configuration entry that takes findings out.",
        (
            Field("text", "string", "how messages name it"),
            Field("place", "Place", "where it stands"),
            Field("kind", "string", "comment, annotation, config or policy"),
            Field("rules", "string", "the rules it names, joined"),
            Field("unknown_rules", "string", "the names among them that no rule has"),
            Field(
                "mandatory_rules",
                "string",
                "those among them that are mandatory, so that it takes nothing of theirs out",
            ),
            Field("breadth", "string", "what it covers that is more than single rules at a place, in one clause"),
            Field("foreign", "bool", "it is the annotation of another tool, understood for its codes"),
            Field("owner", "string", "who answers for it"),
            Field("reason", "string", "why"),
            Field("expires", "string", "the date on which it ends"),
            Field("lacks", "string", "what is missing of owner, reason and expiry, as far as they are demanded"),
            Field("expired", "bool", "its date has passed"),
            Field("fault", "string", "what is wrong with it, in one clause"),
            Field("used", "bool", "it took at least one finding out"),
            Field("judged", "bool", "the rules it names ran, so that not being used means something"),
        ),
    ),
)
