//! What Compose makes of its files, against what compose-go answered.
use super::{Project, Request, folder, variables};
use crate::engines::envfile;
use crate::tree::join;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Our own projects with the answers of compose-go (July 2026, what `docker compose` v2 and later run) under `v2`, and of
/// docker-compose 1.29 under `v1` where it takes the file. `null` is a refusal. Where the two differ, v2 is followed:
/// 1.29 knows no nested defaults, no `include`, reads an `env_file` without the shell, and writes `$$` for `$`.
const CASES: &str = include_str!("cases.json");

type Files = BTreeMap<String, String>;

fn read(files: &Files, main: &[String], shell: &BTreeMap<String, String>, service: Option<&str>) -> Project {
    variables(&Request {
        files: main,
        service,
        shell: &|name| shell.get(name).cloned(),
        read: &|path| Ok(files.get(path).cloned()),
    })
}

/// Values by service and name; a variable that is passed through has none.
fn values(project: &Project) -> BTreeMap<String, BTreeMap<String, String>> {
    let of = |vars: &BTreeMap<String, super::Variable>| {
        vars.iter().filter_map(|(name, variable)| Some((name.clone(), variable.value.clone()?))).collect()
    };
    project.services.iter().map(|(name, vars)| (name.clone(), of(vars))).collect()
}

fn shell(files: &Files, main: &[String], dotenv: &[String]) -> BTreeMap<String, String> {
    let base = main.first().map(|file| folder(file)).unwrap_or_default();
    let default = [join(&base, ".env").unwrap()];
    let mut known = BTreeMap::new();
    for file in if dotenv.is_empty() { &default[..] } else { dotenv } {
        let (entries, _) = envfile::parse(files.get(file).map_or("", String::as_str));
        envfile::resolve_onto(&entries, &|_| None, &mut known);
    }
    known
}

#[test]
fn projects_are_read_as_compose_reads_them() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() >= 40);
    for case in &cases {
        let files: Files = serde_json::from_value(case["files"].clone()).unwrap();
        let main: Vec<String> = serde_json::from_value(case["main"].clone()).unwrap();
        let dotenv: Vec<String> = serde_json::from_value(case["dotenv"].clone()).unwrap();
        let project = read(&files, &main, &shell(&files, &main, &dotenv), None);
        let Some(expected) = case["v2"].as_object() else {
            assert!(!project.errors.is_empty(), "{} {project:?}", case["name"]);
            continue;
        };
        let strings = |vars: &Value| -> BTreeMap<String, String> {
            let all = vars.as_object().into_iter().flatten();
            all.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
        };
        let expected: BTreeMap<_, _> = expected.iter().map(|(name, vars)| (name.clone(), strings(vars))).collect();
        assert_eq!(project.errors, [], "{}", case["name"]);
        assert_eq!(values(&project), expected, "{}", case["name"]);
    }
}

fn files(list: &[(&str, &str)]) -> Files {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn variables_know_where_they_stand_and_what_the_shell_must_give() {
    let compose = "services:\n  a:\n    env_file: a.env\n    environment:\n      - PASS\n      - X=1\n";
    let project =
        read(&files(&[("c/c.yaml", compose), ("c/a.env", "F=f\n")]), &["c/c.yaml".to_owned()], &Files::new(), None);
    let vars = &project.services["a"];
    assert_eq!(vars["PASS"].value, None);
    assert_eq!((vars["F"].file.as_str(), vars["F"].span.start, vars["F"].span.end), ("c/a.env", 0, 3));
    assert_eq!(vars["X"].file, "c/c.yaml");
    assert_eq!(&compose[vars["X"].span.start..vars["X"].span.end], "X=1");
}

#[test]
fn what_is_wrong_with_another_service_is_not_told() {
    let compose = "services:\n  a: {environment: {A: 1}}\n  b: {env_file: no.env, environment: {B: '${NO:?x}'}}\n";
    let (files, main) = (files(&[("c.yaml", compose)]), ["c.yaml".to_owned()]);
    let one = read(&files, &main, &Files::new(), Some("a"));
    assert_eq!((one.errors.len(), one.services.len()), (0, 1));
    assert_eq!(read(&files, &main, &Files::new(), None).errors.len(), 2);
    assert_eq!(read(&files, &main, &Files::new(), Some("c")).services.len(), 0);
}

#[test]
fn what_cannot_be_followed_is_an_error() {
    for (text, part) in [
        ("services: {a: {extends: {file: ../../x.yaml, service: b}}}", "out of the repository"),
        ("services: {a: {extends: {file: no.yaml, service: b}}}", "not there"),
        ("services: {a: {extends: {file: c.yaml}}}", "names no service"),
        ("services: {a: {env_file: ../e.env}}", "inside the repository"),
        ("services: {a: {env_file: [{path: e.env, format: toml}]}}", "not known"),
        ("include: [../x.yaml]", "out of the repository"),
        ("include: [{env_file: x}]", "without a path"),
        ("include: [{path: i.yaml, env_file: no.env}]", "not there"),
        ("services: {a: {environment: [{A: 1}]}}", "no text"),
        ("services: [", "flow"),
    ] {
        let list = files(&[("c.yaml", text), ("i.yaml", "services: {}")]);
        let errors = read(&list, &["c.yaml".to_owned()], &Files::new(), None).errors;
        let said = errors.iter().any(|error| error.message.contains(part) || part == "flow");
        assert!(said && !errors.is_empty(), "{text} {errors:?}");
    }
    let list = files(&[("c.yaml", "services: {}")]);
    let no = |_: &str| Err("a submodule".to_owned());
    let request = Request { files: &["c.yaml".to_owned()], service: None, shell: &|_| None, read: &no };
    assert_eq!(variables(&request).errors[0].message, "a submodule");
    assert!(read(&list, &["c.yaml".to_owned()], &Files::new(), None).errors.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    /// Pieces of projects, cut and glued: answers and errors may be anything, but there is no panic, and the same bytes
    /// give the same answer.
    #[test]
    fn broken_projects_do_no_harm(number in 0_usize..1000, cut in 0_usize..400, text in "[a-z:!&*<\\[\\]{}\\- \n$#\"']{0,12}") {
        let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
        let case = &cases[number % cases.len()];
        let mut files: Files = serde_json::from_value(case["files"].clone()).unwrap();
        let main: Vec<String> = serde_json::from_value(case["main"].clone()).unwrap();
        for content in files.values_mut() {
            let at = (0..=cut % (content.len() + 1)).rev().find(|at| content.is_char_boundary(*at)).unwrap_or(0);
            content.insert_str(at, &text);
        }
        let shell = shell(&files, &main, &[]);
        let project = read(&files, &main, &shell, None);
        prop_assert_eq!(&project, &read(&files, &main, &shell, None));
        for error in &project.errors {
            prop_assert!(!error.message.is_empty());
        }
    }
}
