//! The layers of settings as tables: who wins, what is refused, where the mistake is shown.
use super::{Inputs, Layer, Origin, Resolved, resolve};
use crate::model::Result;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn layer(path: &str, text: &str, trusted: bool) -> Layer {
    Layer { path: PathBuf::from(path), text: text.to_owned(), trusted }
}

fn run(
    layers: &[Layer],
    environment: &[(&str, &str)],
    flags: &[(&'static str, String, &'static str)],
) -> Result<Resolved> {
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    resolve(&Inputs { flags, layers, environment, dir: PathBuf::from("/base") })
}

#[test]
fn the_strongest_layer_wins_and_every_value_knows_its_origin() {
    let layers = [
        layer("/c/.pilab.toml", "project = 'repo'\n[output]\nwidth = 90\n", false),
        layer("/u/config.toml", "project = 'user'\n[output]\nwidth = 70\ncolor = 'never'\n", true),
    ];
    let environment = [("PILAB_OUTPUT_WIDTH", "100"), ("PILAB_ASCII", "1")];
    let flags = [("output.color", "always".to_owned(), "--color")];
    let resolved = run(&layers, &environment, &flags).unwrap();
    let shown: Vec<String> = resolved
        .values
        .iter()
        .filter(|value| value.origin.is_set())
        .map(|value| format!("{}={} {}", value.name, value.value, value.origin))
        .collect();
    assert_eq!(
        shown,
        [
            "output.ascii=true PILAB_ASCII",
            "output.color=always --color",
            "output.width=100 PILAB_OUTPUT_WIDTH",
            "project=repo /c/.pilab.toml:1",
        ]
    );
    assert!(resolved.values.iter().any(|value| value.name == "offline" && value.origin == Origin::Default));
}

#[test]
fn paths_are_made_absolute_where_they_stand() {
    let layers = [layer("/c/.pilab.toml", "cache = '~/x'\nrepos.shop = '../shop'\nrepos.\"a.b\" = '/abs'\n", true)];
    let resolved = run(&layers, &[("HOME", "/home/mia"), ("PILAB_REPOS_MY_LIB", "lib")], &[]).unwrap();
    assert_eq!(resolved.settings.cache, Some(PathBuf::from("/home/mia/x")));
    let repos: Vec<String> =
        resolved.settings.repos.iter().map(|(name, path)| format!("{name} {}", path.display())).collect();
    assert_eq!(repos, ["a.b /abs", "my-lib /base/lib", "shop /c/../shop"]);
}

#[test]
fn keys_that_need_trust_are_ignored_with_a_warning_until_then() {
    let text = "[hmac]\nkey = 'env://K'\nkid = 'k1'\n[output]\npager = 'rm -rf /'\n";
    let ignored = run(&[layer("/c/.pilab.toml", text, false)], &[], &[]).unwrap();
    assert_eq!((ignored.settings.hmac, ignored.output.pager), (None, None));
    let codes: Vec<_> = ignored.warnings.iter().map(|warning| (warning.code.id, warning.message.as_str())).collect();
    assert_eq!(
        codes,
        [
            ("PL0502", "'hmac.key' is ignored in /c/.pilab.toml"),
            ("PL0502", "'output.pager' is ignored in /c/.pilab.toml")
        ]
    );
    let trusted = run(&[layer("/c/.pilab.toml", text, true)], &[], &[]).unwrap();
    assert!(trusted.settings.hmac.is_some() && trusted.warnings.is_empty());
}

#[test]
fn mistakes_are_refused_with_their_place() {
    for (text, message, line, column, hint) in [
        ("project = 'a'\nofline = true\n", "unknown setting 'ofline'", 2, 1, "did you mean 'offline'?"),
        ("[outputs]\nwidth = 1\n", "unknown setting 'outputs'", 1, 2, "did you mean 'output'?"),
        ("[output]\ncolr = 'auto'\n", "unknown setting 'output.colr'", 2, 1, "did you mean 'output.color'?"),
        ("offline = 'true'\n", "'offline' takes true or false, without quotes", 1, 11, ""),
        ("output.width = 3\n", "'output.width' takes a number of columns from 20 to 10000", 1, 16, ""),
        ("output.color = 'red'\n", "'output.color' takes one of: auto, always, never", 1, 16, ""),
        ("project = 1\n", "'project' takes a text", 1, 11, ""),
        ("project = []\n", "'project' cannot be a array", 1, 11, ""),
        ("cache = ''\n", "'cache' takes a path", 1, 9, ""),
        ("a = 1\na = 2\n", "duplicate key", 2, 1, ""),
        ("output.width = 99999999999999999999\n", "the number is too large", 1, 16, ""),
    ] {
        let error = run(&[layer("/c/.pilab.toml", text, true)], &[], &[]).unwrap_err();
        let place = error.place.clone().unwrap();
        assert_eq!(
            (error.code.id, error.message.as_str(), place.line, place.column),
            ("PL0501", message, line, column)
        );
        assert!(hint.is_empty() || error.hints.iter().any(|given| given == hint), "{text}: {:?}", error.hints);
    }
    let error = run(&[], &[("PILAB_OFFLINE", "perhaps")], &[]).unwrap_err();
    assert_eq!(error.message, "'offline' takes true or false (PILAB_OFFLINE)");
    let error = run(&[layer("/u/config.toml", "hmac.key = 'env://K'\n", true)], &[], &[]).unwrap_err();
    assert_eq!(error.message, "'hmac.key' is set and 'hmac.kid' is not");
}

#[test]
fn a_misspelt_variable_is_told_and_a_strangers_is_left_alone() {
    for (variable, hint) in [
        ("PILAB_OFLINE", Some("did you mean PILAB_OFFLINE?")),
        ("PILAB_OUTPUT_COLOUR", Some("did you mean PILAB_OUTPUT_COLOR?")),
        ("PILAB_OFFLINE", None),
        ("PILAB_NOW", None),
        ("PILAB_REPOS_SHOP", None),
        ("PILAB_TEAM_TOKEN", None),
    ] {
        let resolved = run(&[], &[(variable, "1")], &[]).unwrap();
        let hints: Vec<&str> =
            resolved.warnings.iter().flat_map(|warning| &warning.hints).map(String::as_str).collect();
        assert_eq!(hints, hint.into_iter().collect::<Vec<_>>(), "{variable}");
    }
}
