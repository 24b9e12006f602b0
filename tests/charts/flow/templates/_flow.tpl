{{ define "block-less" }}defined {{ . }}{{ end -}}
{{- define "flow.text" -}}
range: {{ range .Values.list }}[{{ . }}]{{ end }}
index: {{ range $i, $v := .Values.list }}{{ if $i }}, {{ end }}{{ $i }}={{ $v }}{{ end }}
map: {{ range $k, $v := .Values.map }}{{ $k }}={{ $v }};{{ end }}
else: {{ range .Values.empty }}x{{ else }}none{{ end }} {{ range .Values.none }}x{{ else }}nil{{ end }}
break: {{ range .Values.list }}{{ if eq . "c" }}{{ break }}{{ end }}{{ . }}{{ end }}
continue: {{ range .Values.list }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ . }}{{ end }}
int: {{ range until 3 }}{{ . }}{{ end }} {{ range $i, $e := untilStep 0 10 3 }}{{ $i }}:{{ $e }} {{ end }}
with: {{ with .Values.map }}{{ .z }}{{ $.Values.n }}{{ end }} {{ with .Values.none }}x{{ else }}nothing{{ end }}
var: {{ with $x := .Values.n }}{{ $x }}{{ end }}
assign: {{ $s := "" }}{{ range .Values.list }}{{ $s = print $s . }}{{ end }}{{ $s }}
scope: {{ $v := 1 }}{{ if true }}{{ $v := 2 }}{{ $v }}{{ end }}{{ $v }}
chain: {{ if eq .Values.n 1.0 }}one{{ else if eq .Values.n 3.0 }}three{{ else }}other{{ end }}
and: {{ and 1 0 "x" }} {{ or 0 "" "y" }} {{ not 0 }} {{ and true .Values.none }}
{{- /* a comment */ -}}
{{/* another */}}
trim: [ {{- " kept " -}} ] {{ "a" -}}
  b
raw: {{ `raw {{ "x" }} \n` }} {{ "esc \t \u00e9 \x41" }} {{ 'a' }} {{ 0x1F }} {{ 1_000 }} {{ 1e3 }} {{ 0b101 }}
call: {{ (index .Values.items 0).name }} {{ (.Values.items | first).on }} {{ index .Values.map "m" }} {{ len .Values.list }} {{ slice .Values.list 1 3 }}
block: {{ block "b" .Values.n }}block {{ . }}{{ end }}
template: {{ template "block-less" "dot" }}
paren: {{ printf "%s-%d" ("a" | upper) (add 1 2) }}
nested: {{ range .Values.items }}{{ .name }}{{ if .on }}+{{ else }}-{{ end }}{{ $.Release.Name }} {{ end }}
{{- end -}}
