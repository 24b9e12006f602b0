{{- define "values.text" -}}
count: {{ .Values.count }} {{ kindOf .Values.count }} {{ typeOf .Values.count }}
big: {{ .Values.big }} {{ .Values.big | int }} {{ .Values.big | int64 }} {{ printf "%v %.0f" .Values.big .Values.big }}
huge: {{ .Values.huge }}
ratio: {{ .Values.ratio }}
yes: {{ .Values.yes }}
port: {{ .Values.port }}
list: {{ .Values.list }}
json: {{ .Values.list | toJson }}
missing: {{ .Values.nothing }} {{ .Values.nothing | default "fallback" }}
deep: {{ .Values.nested.a.b.c }} {{ (.Values.none).deeper }}
empty: {{ .Values.empty | quote }}
yaml:
{{ .Values | toYaml | indent 2 }}
{{- end -}}
