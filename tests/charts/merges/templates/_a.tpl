{{- define "a.text" -}}
merge: {{ merge (deepCopy .Values.a) .Values.b | toJson }}
over: {{ mergeOverwrite (deepCopy .Values.a) .Values.b | toJson }}
back: {{ mergeOverwrite (deepCopy .Values.b) .Values.a | toJson }}
three: {{ merge (dict) .Values.a .Values.b (dict "third" 1) | toJson }}
types: {{ mergeOverwrite (dict "a" 1 "b" (dict "x" 1)) (dict "a" (dict "y" 2)) | toJson }}
shared: {{ $a := dict "m" (dict "k" 1) }}{{ $m := merge (dict) $a }}{{ $_ := set $m.m "k" 2 }}{{ $a | toJson }} {{ $m | toJson }}
copy: {{ $c := deepCopy $a }}{{ $_ := set $c.m "k" 3 }}{{ $a | toJson }} {{ $c | toJson }}
default: {{ .Values.a.s | default "d" }} {{ .Values.a.n | default 7 }} {{ .Values.a.f | default true }} {{ .Values.a.x | default "nil" }} {{ dig "deep" "q" "zz" "none" .Values.a }}
set: {{ $d := dict }}{{ $_ := set $d "self" 1 }}{{ $d }} {{ unset $d "self" }}
{{- end -}}
