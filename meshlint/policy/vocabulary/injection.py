"""Facts about what pods ask of the injector, and whom they run as.

In: the types of the tables. Out: a part of the vocabulary.
"""

from __future__ import annotations

from meshlint.policy.vocabulary.types import NO_LABELS, Field, Message

MESSAGES: tuple[Message, ...] = (
    Message(
        "MisplacedSetting",
        "An injection setting that stands where nobody looks for it.",
        (
            Field("text", "string", "key and value"),
            Field("key", "string", "the key"),
            Field("where", "string", "what it is written as"),
            Field("place", "Place", "the key"),
        ),
    ),
    Message(
        "RunAs",
        "A user or group that application containers run as.",
        (
            Field("who", "string", "the pod, or a container"),
            Field("field", "string", "runAsUser or runAsGroup"),
            Field("id", "int", "the number"),
            Field("place", "Place", "the number"),
        ),
    ),
    Message(
        "Injection",
        "What a workload asks of the injector.",
        (
            Field("refused", "bool", "its label or annotation sidecar.istio.io/inject is false, and no ambient has it"),
            Field("refused_by", "Place", "that label or annotation"),
            Field("namespace_injects", "bool", "its namespace alone would give it a sidecar", NO_LABELS),
            Field("is_operator", "bool", "it installs Istio, or is its control plane"),
            Field("left_out", "bool", "the labels of its namespace leave it without a proxy", NO_LABELS),
            Field("because", "string", "why the namespace leaves it out"),
            Field("misplaced", "list MisplacedSetting", "settings that ask for a proxy where nobody looks"),
            Field("has_sidecar", "bool", "a sidecar is injected", NO_LABELS),
            Field("run_as", "list RunAs", "whom its application containers run as"),
            Field("exemption", "Exemption", "the exception that its annotations declare"),
        ),
    ),
)
