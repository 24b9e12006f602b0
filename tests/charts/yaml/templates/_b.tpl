{{- define "b.text" -}}
json: {{ toJson .Values }}
pretty: {{ toPrettyJson .Values.nested }}
raw: {{ toRawJson (dict "a" "<b>&") }} {{ toJson (dict "a" "<b>&") }}
toml: {{ toToml .Values.anchors }}
fromyaml: {{ fromYaml "a: 1\nb: [x, y]\nc: {d: null}" | toJson }}
fromyamlarray: {{ fromYamlArray "- 1\n- a: b" | toJson }}
fromjson: {{ fromJson "{\"a\": 1.0, \"b\": 12345678}" | toJson }}
fromjsonarray: {{ fromJsonArray "[1, \"x\"]" | toJson }}
errors: {{ fromYaml "- 1" | toJson }} {{ fromJson "[" | toJson }} {{ fromYamlArray "a: 1" | toJson }}
again: {{ .Values.strings | toYaml | fromYaml | toJson | sha256sum }}
{{- end -}}
