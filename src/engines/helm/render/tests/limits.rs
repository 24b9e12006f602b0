//! Charts that would take all time or memory are refused soon.
use super::failure;
use crate::engines::gotemplate::Limits;
use crate::engines::helm::{Error, ErrorKind, Request};
use std::time::{Duration, Instant};

/// Smaller bounds than the default ones, as tests run without optimisation.
fn refused(template: &str) -> Error {
    let begin = Instant::now();
    let limits = Limits { steps: 500_000, bytes: 8 << 20, depth: 3000 };
    let error = failure(template, &Request { limits, ..Request::default() });
    assert!(begin.elapsed() < Duration::from_secs(20), "{template}: {:?}", begin.elapsed());
    error
}

#[test]
fn endless_work_is_refused() {
    for template in [
        "{{ range 1000000000 }}{{ end }}",
        "{{ range 1000000000 }}x{{ end }}",
        "{{ range until 1000000000 }}{{ end }}",
        "{{ range $i := untilStep 0 2000000000 1 }}{{ end }}",
        "{{ repeat 1000000000 \"x\" }}",
        "{{ $x := \"xxxxxxxxxxxxxxxx\" }}{{ range 64 }}{{ $x = print $x $x }}{{ end }}{{ $x }}",
        "{{ $x := list 1 }}{{ range 64 }}{{ $x = concat $x $x }}{{ end }}",
        "{{ $x := dict }}{{ range 64 }}{{ $x = dict \"a\" $x \"b\" $x }}{{ end }}{{ $x }}",
        "{{ $x := dict }}{{ $_ := set $x \"x\" $x }}{{ toYaml $x }}{{ toJson $x }}{{ $x }}",
        "{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}",
        "{{ define \"r\" }}{{ tpl \"{{ template \\\"r\\\" . }}\" . }}{{ end }}{{ template \"r\" . }}",
        "{{ define \"a\" }}{{ range 1000 }}{{ include \"b\" . }}{{ end }}{{ end }}{{ define \"b\" }}{{ range 1000 }}{{ include \"c\" . }}{{ end }}{{ end }}{{ define \"c\" }}{{ range 1000 }}x{{ end }}{{ end }}{{ include \"a\" . }}",
    ] {
        assert_eq!(refused(template).kind, ErrorKind::Limit, "{template}");
    }
}

#[test]
fn recursion_by_include_ends_in_helms_error() {
    let error = refused("{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}");
    assert_eq!(error.kind, ErrorKind::Exec);
    assert!(error.text.ends_with("rendering template has a nested reference name: r: unable to execute template"));
}

#[test]
fn recursion_by_tpl_is_refused() {
    let error = refused("{{ $_ := set . \"t\" \"{{ tpl .t . }}\" }}{{ tpl .t . }}");
    assert_eq!(error.kind, ErrorKind::Limit);
}
