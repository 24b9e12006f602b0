{{- define "files.text" -}}
get: {{ .Files.Get .Values.file | quote }}
missing: {{ .Files.Get "nope" | quote }}
bytes: {{ .Files.GetBytes "top.txt" }}
glob: {{ range $p, $b := .Files.Glob .Values.glob }}{{ $p }} {{ end }}
star: {{ range $p, $_ := .Files.Glob "**.txt" }}{{ $p }} {{ end }}
brace: {{ range $p, $_ := .Files.Glob "{conf,data}/**" }}{{ $p }} {{ end }}
lines:
{{- range .Files.Lines "conf/deep/c.txt" }}
  - {{ . | quote }}
{{- end }}
config:
{{ (.Files.Glob "conf/**").AsConfig | indent 2 }}
secrets:
{{ (.Files.Glob "*.txt").AsSecrets | indent 2 }}
none: {{ (.Files.Glob "zzz*").AsConfig | quote }}
b64: {{ .Files.Get "data/tab.txt" | b64enc }}
json: {{ .Files.Get "conf/b.json" | fromJson | toYaml }}
tpl: {{ tpl (.Files.Get "tpl.txt") . }}
chart: {{ .Files.Get "Chart.yaml" | quote }} {{ .Files.Get "values.yaml" | quote }} {{ .Files.Get "templates/files.yaml" | quote }}
len: {{ len (.Files.Glob "conf/*") }}
{{- end -}}
