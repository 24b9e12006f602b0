//! What Compose makes of its files.
use super::variables;
use std::collections::BTreeMap;

fn read(files: &[(&str, &str)], main: &[&str]) -> (BTreeMap<String, Option<String>>, Vec<String>) {
    let files: BTreeMap<String, String> = files.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let main: Vec<String> = main.iter().map(|file| (*file).to_owned()).collect();
    let shell = |name: &str| (name == "TAG").then(|| "7".to_owned());
    let project = variables(&main, &shell, &|path| Ok(files.get(path).cloned()));
    let mut flat = BTreeMap::new();
    for (service, vars) in project.services {
        flat.extend(vars.into_iter().map(|(name, variable)| (format!("{service}/{name}"), variable.value)));
    }
    (flat, project.errors.into_iter().map(|error| error.message).collect())
}

#[test]
fn lists_maps_env_files_and_interpolation() {
    let compose = "services:\n  a:\n    env_file: [a.env, {path: no.env, required: false}]\n    environment:\n      \
                   - X=${TAG:-1}\n      - PASS\n      - E=\n  b:\n    environment: {N: 1.10, Y: yes, Z: }\n";
    let (vars, errors) = read(&[("c/compose.yaml", compose), ("c/a.env", "X=0\nF=${TAG}f\n")], &["c/compose.yaml"]);
    let of = |key: &str| vars.get(key).cloned().flatten();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(of("a/X").as_deref(), Some("7"));
    assert_eq!(of("a/F").as_deref(), Some("7f"));
    assert_eq!(of("a/E").as_deref(), Some(""));
    assert_eq!(vars.get("a/PASS"), Some(&None));
    assert_eq!((of("b/N").as_deref(), of("b/Y").as_deref()), (Some("1.10"), Some("yes")));
    assert_eq!(vars.get("b/Z"), Some(&None));
}

#[test]
fn later_files_extends_and_tags() {
    let base =
        "services:\n  base: {environment: {A: 1, B: 1}}\n  s: {extends: base, environment: {B: 2, C: 2, D: 2}}\n";
    let over = "services:\n  s: {environment: {C: 3, D: !reset null}}\n  base: {environment: !override {Q: 1}}\n";
    let (vars, errors) = read(&[("a.yaml", base), ("b.yaml", over)], &["a.yaml", "b.yaml"]);
    let s: Vec<String> = vars.iter().map(|(k, v)| format!("{k}={}", v.clone().unwrap_or_default())).collect();
    assert_eq!(s, ["base/Q=1", "s/A=1", "s/B=2", "s/C=3"]);
    assert!(errors.is_empty());
}

#[test]
fn hostile_files_are_errors() {
    for (text, part) in [
        ("services: {a: {extends: a}}", "circle"),
        ("services: {a: {env_file: ../../etc/passwd}}", "inside the repository"),
        ("services: {a: {env_file: x.env}}", "not there"),
        ("services: {a: {environment: {B: '${C:?no}'}}}", "required"),
        ("services: {a: {extends: {service: z}}}", "not there"),
    ] {
        let (_, errors) = read(&[("c.yaml", text)], &["c.yaml"]);
        assert!(errors.iter().any(|error| error.contains(part)), "{text} {errors:?}");
    }
}
