"""Which files are sources of templates, and which only hold braces that are somebody else's text."""

from __future__ import annotations

import pytest

from meshlint.syntax.stream import read_stream

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n"
TEMPLATES = {
    "a Helm block": ("helm", "{{- if .Values.on }}\n" + OBJECT + "{{- end }}\n"),
    "a Helm value": ("helm", "kind: Service\nmetadata:\n  name: {{ .Values.name }}\n"),
    "Helm in quotes": ("helm", 'kind: Service\nmetadata:\n  namespace: "{{ .Release.Namespace }}"\n'),
    "Helm in broken quotes": ("helm", 'kind: Service\nmetadata:\n  name: "{{ default "a" .Values.name }}"\n'),
    "Helm below a block scalar": ("helm", OBJECT + "data:\n  a: |\n{{ toYaml .Values.a | indent 4 }}\n"),
    "Helm beside a block scalar in a list": ("helm", 'list:\n- a: |\n    text\n  b: {{ include "x" . }}\n'),
    "gomplate": ("gomplate", "kind: Service\nmetadata:\n  name: {{ .Env.NAME }}\n"),
    "Jinja statements": ("jinja", "{% for x in y %}\nkind: Service\n{% endfor %}\n"),
    "a Jinja value": ("jinja", "kind: Service\nmetadata:\n  name: {{ app_name }}\n"),
    "a quoted Jinja name": ("jinja", 'kind: Service\nmetadata:\n  name: "{{ app_name }}"\n'),
    "a ytt value": ("ytt", OBJECT + "data:\n  a: #@ data.values.a\n"),
    "a ytt load": ("ytt", '#@ load("@ytt:data", "data")\n---\n' + OBJECT),
    "a ytt overlay": ("ytt", "#@overlay/match by=overlay.all\n---\n" + OBJECT),
    "a variable as name": ("variables", "kind: Service\nmetadata: {name: '${NAME}'}\n"),
    "a bare variable as namespace": ("variables", "kind: Service\nmetadata: {name: a, namespace: $NAMESPACE}\n"),
    "a variable of Azure Pipelines": ("variables", "kind: Service\nmetadata: {name: '#{name}#'}\n"),
}
OTHERS = {
    "braces in a comment": OBJECT + "# was {{ .Values.name }}\n",
    "an alert": OBJECT + "data:\n  a: Instance {{ $labels.instance }} is down\n",
    "a dashboard": OBJECT + 'data:\n  a: |\n    {{- range .Alerts }}\n    "legendFormat": "{{ pod }}"\n    {{ end }}\n',
    "a Helm template carried as text": OBJECT + "data:\n  a: |\n    name: {{ .Values.name }}\n",
    "parameters of a workflow": OBJECT + "data: {a: '{{inputs.parameters.version}}'}\n",
    "Lua in an EnvoyFilter": OBJECT + "data:\n  a: |\n    local x = '${y}'\n    {% raw %}\n",
    "a comment that starts like ytt": "#@author the platform team\n#@ see the wiki\n" + OBJECT,
    "ytt carried as text": OBJECT + 'data:\n  a: |\n    #@ load("x")\n',
    "a variable in a value": OBJECT + "data: {a: 'app.${DOMAIN}'}\n",
}


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_template_is_recognised(case: str) -> None:
    """By what breaks the text, by an object of Helm, or by a placeholder in place of an identity."""
    language, text = TEMPLATES[case]
    stream = read_stream(text.encode())
    assert (stream.template, stream.documents) == (language, ())


@pytest.mark.parametrize("case", OTHERS)
def test_what_only_looks_like_a_template_is_read(case: str) -> None:
    """Comments and texts for other tools are no templates."""
    stream = read_stream(OTHERS[case].encode())
    assert (stream.template, stream.problems) == (None, ())


@pytest.mark.parametrize("case", [case for case in OTHERS if case != "a comment that starts like ytt"])
def test_a_common_mistake_beside_foreign_braces_is_told(case: str) -> None:
    """Braces in another tool's text do not make a broken manifest a template, which nobody would look at."""
    stream = read_stream((OTHERS[case] + "---\nkind: Service\nspec: [\n").encode())
    assert stream.template is None
    assert [problem.code for problem in stream.problems] == ["syntax"]
