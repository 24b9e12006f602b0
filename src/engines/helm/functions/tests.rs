//! The parts that need no machine, held to answers of Helm. Whole templates are in `golden-sprig1.json`.
use super::cases_words::{pascal, separated};
use super::regex_emit::pattern;
use super::regex_parse::parse;
use super::urls_parse::Url;
use regex::RegexBuilder;

#[test]
fn names_have_words() {
    for (name, snake, upper) in [
        ("FirstName", "first_name", "FirstName"),
        ("HTTPServer", "http_server", "Httpserver"),
        ("NoHTTPS", "no_https", "NoHTTPS"),
        ("GO_PATH", "go_path", "GoPath"),
        ("GO PATH", "go_path", "GoPath"),
        ("http2xx", "http_2xx", "Http2xx"),
        ("Bld4Floor3rd", "bld4_floor_3rd", "Bld4Floor3rd"),
        ("_complex__case_", "_complex__case_", "_Complex_Case_"),
        ("GOLANG_IS_GREAT", "golang_is_great", "GolangIsGreat"),
        ("", "", ""),
        ("_", "_", "__"),
    ] {
        assert_eq!(String::from_utf8(separated(name.as_bytes(), '_')).unwrap(), snake, "{name}");
        assert_eq!(String::from_utf8(pascal(name.as_bytes())).unwrap(), upper, "{name}");
    }
}

#[test]
fn expressions_are_refused_in_the_words_of_go() {
    for (expression, code, part) in [
        ("a**", "invalid nested repetition operator", "**"),
        ("a???", "invalid nested repetition operator", "???"),
        ("a{3}{2}", "invalid nested repetition operator", "{3}{2}"),
        ("*", "missing argument to repetition operator", "*"),
        ("a|*", "missing argument to repetition operator", "*"),
        ("(?i)*", "missing argument to repetition operator", "*"),
        (r"\Q\E*", "missing argument to repetition operator", "*"),
        ("(a", "missing closing )", "(a"),
        ("a)", "unexpected )", "a)"),
        ("(?P<a", "invalid named capture", "(?P<a"),
        ("(?P=a)", "invalid or unsupported Perl syntax", "(?P"),
        ("(?=a)", "invalid or unsupported Perl syntax", "(?="),
        ("(?<=a)", "invalid named capture", "(?<=a)"),
        ("(?x)a", "invalid or unsupported Perl syntax", "(?x"),
        ("(?--i)", "invalid or unsupported Perl syntax", "(?--"),
        ("[a-", "missing closing ]", "[a-"),
        ("[z-a]", "invalid character class range", "z-a"),
        (r"[a-\d]", "invalid escape sequence", r"\d"),
        ("[[:foo:]]", "invalid character class range", "[:foo:]"),
        ("[a--b]", "invalid character class range", "a--"),
        (r"a\", "trailing backslash at end of expression", ""),
        (r"\1", "invalid escape sequence", r"\1"),
        (r"\C", "invalid escape sequence", r"\C"),
        (r"\x4", "invalid escape sequence", r"\x4"),
        (r"\x{110000}", "invalid escape sequence", r"\x{110000"),
        (r"\p", "invalid character class range", r"\p"),
        (r"\p{Grek}", "invalid character class range", r"\p{Grek}"),
        (r"\p{Alphabetic}", "invalid character class range", r"\p{Alphabetic}"),
        ("a{1001}", "invalid repeat count", "{1001}"),
        ("(a{100}){11}", "invalid repeat count", "{11}"),
    ] {
        let error = parse(expression).unwrap_err();
        assert_eq!(error, format!("error parsing regexp: {code}: `{part}`"), "{expression}");
    }
}

#[test]
fn expressions_match_as_in_go() {
    for (expression, text, found) in [
        (r"\w+", "äb", Some("b")),
        (r"\bfoo\b", "äfoo", Some("foo")),
        (r"(?i)\W", "ſKa-", Some("-")),
        (r"(?i)[^\W]", "-ſ", Some("ſ")),
        (r"[[:^lower:]]+", "abC-d", Some("C-")),
        (r"[a&&b]+", "x&a", Some("&a")),
        (r"[[a]", "[", Some("[")),
        (r"a{,2}", "a{,2}", Some("a{,2}")),
        (r"\Qa.b\E", "axb a.b", Some("a.b")),
        (r"(?U)a+", "aaa", Some("a")),
        (r"(?U)a+?", "aaa", Some("aaa")),
        (r"(?s)a.c", "a\nc", Some("a\nc")),
        (r"a.c", "a\nc", None),
        (r"(?m)^b$", "a\nb\n", Some("b")),
        (r"(?:a|ab)(?:c|bcd)", "abcd", Some("abcd")),
        (r"(?P<x>a)(?P<x>b)", "ab", Some("ab")),
        (r"[\x{D800}-\x{DFFF}]", "\u{fffd}", None),
        (r"\p{Cs}", "a", None),
        (r"\pL+", "1aä2", Some("aä")),
        (r"\x{65e5}", "日", Some("日")),
    ] {
        let regex = RegexBuilder::new(&pattern(&parse(expression).unwrap().node)).build().unwrap();
        assert_eq!(regex.find(text).map(|found| found.as_str()), found, "{expression} in {text}");
    }
}

#[test]
fn deep_expressions_are_refused() {
    for deep in [
        format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("a{}", r"*\Q\E".repeat(100_000)),
        format!("{}a{}", "(?:".repeat(50_000), "b)*".repeat(50_000)),
    ] {
        assert!(parse(&deep).unwrap_err().starts_with("error parsing regexp: expression nests too deeply: `"));
    }
    assert!(parse(&"(".repeat(100_000)).unwrap_err().starts_with("error parsing regexp: missing closing ): `"));
}

#[test]
fn urls_are_taken_apart() {
    let url = Url::parse(b"HTTP://us%40er:p%3ass@[::1]:8080/a%20b/c?q=1&x#frag").unwrap();
    assert_eq!((url.scheme.as_slice(), url.host.as_slice()), (&b"http"[..], &b"[::1]:8080"[..]));
    assert_eq!((url.hostname(), url.path.as_slice()), (&b"::1"[..], &b"/a b/c"[..]));
    assert_eq!((url.query.as_slice(), url.fragment.as_slice()), (&b"q=1&x"[..], &b"frag"[..]));
    assert_eq!(url.user.unwrap().text(), b"us%40er:p%3Ass");
    assert_eq!(Url::parse(b"mailto:a@b").unwrap().opaque, b"a@b");
    for (text, error) in [
        ("://x", r#"parse "://x": missing protocol scheme"#),
        ("http://a:b/", r#"parse "http://a:b/": invalid port ":b" after host"#),
        ("http://a/%zz", r#"parse "http://a/%zz": invalid URL escape "%zz""#),
        ("http://[::1", r#"parse "http://[::1": missing ']' in host"#),
        ("http://a b/", r#"parse "http://a b/": invalid character " " in host name"#),
        ("1http://x", r#"parse "1http://x": first path segment in URL cannot contain colon"#),
    ] {
        assert_eq!(Url::parse(text.as_bytes()), Err(error.to_owned()));
    }
}
