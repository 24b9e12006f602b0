{{ define "errors.outer" }}outer {{ include "errors.inner" . }}{{ end }}
{{ define "errors.inner" }}
  {{ .Values.missing.deep | quote }}
{{ end }}
{{ define "errors.none" }}{{ end }}
