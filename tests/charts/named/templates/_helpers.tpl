{{- define "named.x" -}}
x of {{ .Chart.Name }}
{{- end }}
{{- define "named.multi" }}
line one
line two
{{ end -}}
{{- define "named.bool" }}{{ if .on }}true{{ end }}{{ end -}}
{{- define "named.loop" }}{{ if gt (int .n) 0 }}{{ .n }} {{ include "named.loop" (dict "n" (sub (int .n) 1)) }}{{ end }}{{ end -}}
{{- define "named.forever" }}{{ include "named.forever" . }}{{ end -}}
{{- define "named.args" }}{{ index . 0 }}+{{ index . 1 }}{{ end -}}
