{{- define "objects.text" -}}
# the built-in objects
release: {{ .Release.Name }} {{ .Release.Namespace }} {{ .Release.Service }} {{ .Release.Revision }}
install: {{ .Release.IsInstall }} upgrade: {{ .Release.IsUpgrade }}
chart: {{ .Chart.Name }}-{{ .Chart.Version }} app {{ .Chart.AppVersion | quote }} {{ .Chart.Type }} {{ .Chart.APIVersion }}
keywords: {{ .Chart.Keywords }} {{ index .Chart.Keywords 1 }}
home: {{ .Chart.Home }} {{ .Chart.Icon }} {{ .Chart.Sources }}
maintainer: {{ range .Chart.Maintainers }}{{ .Name }} <{{ .Email }}>{{ end }}
annotations: {{ .Chart.Annotations }}
template: {{ .Template.Name }} {{ .Template.BasePath }}
root: {{ .Chart.IsRoot }}
{{- end -}}
