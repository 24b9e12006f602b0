{{- define "a.text" -}}
yaml:
{{ toYaml .Values | indent 2 }}
{{- end -}}
