{{- define "strings.text" -}}
case: {{ upper .Values.s }} {{ lower .Values.s }} {{ title "ab cd" }} {{ untitle "Ab Cd" }} {{ camelcase "foo_bar-baz" }} {{ snakecase "FooBarBaz" }} {{ kebabcase "FooBarBaz" }} {{ swapcase "aBc" }}
trim: [{{ trim "  x " }}] [{{ trimAll "$" "$5$" }}] [{{ trimPrefix "a" "abc" }}] [{{ trimSuffix "c" "abc" }}] [{{ nospace "a b c" }}]
cut: {{ trunc 5 .Values.s }} {{ trunc -5 .Values.s }} {{ substr 1 4 .Values.s }} {{ abbrev 8 .Values.s }} {{ abbrevboth 2 8 "abcdefghijkl" }} {{ initials .Values.s }}
test: {{ contains "World" .Values.s }} {{ hasPrefix "Hell" .Values.s }} {{ hasSuffix "x" .Values.s }} {{ regexMatch "^H.*d$" .Values.s }}
make: {{ repeat 3 "ab" }} {{ cat "a" 1 true }} {{ replace " " "_" .Values.s }} {{ plural "one" "many" 2 }} {{ wrap 5 .Values.s | quote }} {{ wrapWith 5 "|" .Values.s }}
quote: {{ quote "a" 1 nil }} {{ squote "a" 1 }} {{ printf "%q %v %T %5d|%-5s|%05.1f %x" "q" .Values.nums .Values.d 42 "l" 3.14159 255 }}
regex: {{ regexFindAll "[aeiou]" .Values.s -1 }} {{ regexFind "o." .Values.s }} {{ regexReplaceAll "(l+)" .Values.s "<${1}>" }} {{ regexReplaceAllLiteral "l" .Values.s "${1}" }} {{ regexSplit "o" .Values.s -1 }} {{ regexQuoteMeta "a.b*c" }}
split: {{ (split " " .Values.s)._0 }} {{ splitList " " .Values.s }} {{ join "-" .Values.list }} {{ splitn " " 2 "a b c" }} {{ sortAlpha .Values.list }}
encode: {{ b64enc "hé" }} {{ b64dec "aMOp" }} {{ b32enc "x" }} {{ sha1sum "x" }} {{ sha256sum "x" }} {{ adler32sum "x" }} 
url: {{ (urlParse "https://u:p@h.org:8080/p/a?q=1#f").host }} {{ urlJoin (dict "scheme" "http" "host" "h" "path" "/p") }} {{ urlquery "a b&c" }} {{ base "/a/b.c" }} {{ dir "/a/b.c" }} {{ ext "/a/b.c" }} {{ clean "/a/../b" }} {{ isAbs "/a" }}
html: {{ html "<a>" }} {{ js "it's" }} {{ print "a" 1 2 "b" }} {{ println "x" }}
{{- end -}}
