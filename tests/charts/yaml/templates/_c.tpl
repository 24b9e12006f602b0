{{- define "c.text" -}}
{{- range $k, $v := omit (.Values.strings | default dict) "ctrl" }}
{{ $k | quote }}: {{ $v | quote }} {{ $v | squote }}
{{- end }}
{{- range $k, $v := .Values.numbers }}
{{ $k }}: {{ $v }} {{ $v | quote }} {{ $v | int64 }} {{ $v | toString }} {{ printf "%v %g %d" $v $v (int64 $v) }}
{{- end }}
{{- end -}}
