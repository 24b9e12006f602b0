{{- define "a.text" -}}
include: {{ include "named.x" . | quote }}
multi: {{ include "named.multi" . | nindent 2 | trimSuffix "\n" }}
indent: |
{{ include "named.multi" . | indent 4 }}
bool: {{ if include "named.bool" (dict "on" true) }}yes{{ else }}no{{ end }}
args: {{ include "named.args" (list "a" 1) }}
loop: {{ include "named.loop" (dict "n" 5) }}
tpl: {{ tpl .Values.template . }}
tplmap: {{ tpl (toYaml .Values.map) . }}
tpldefine: {{ tpl "{{ define \"inner\" }}in {{ .n }}{{ end }}{{ include \"inner\" . }}" (dict "n" 2 "Template" .Template) }}
required: {{ required "needed must be set" .Values.needed }}
lookup: {{ lookup "v1" "Secret" .Release.Namespace "x" }} {{ (lookup "v1" "Secret" "a" "b").data }} {{ len (lookup "v1" "Pod" "" "") }}
{{- if .Values.fail }}{{ fail .Values.fail }}{{ end }}
{{- if .Values.forever }}{{ include "named.forever" . }}{{ end }}
{{- if .Values.none }}{{ include "named.none" . }}{{ end }}
{{- if .Values.nonetemplate }}{{ template "named.x" .Values.a.b.c }}{{ end }}
{{- end -}}
