//! The schemas that `pilab schema` prints are schemas, and all JSON that the scenarios print keeps to them.
use crate::support::{World, files_below, parse};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What the program prints for these words.
fn printed(world: &World, words: &[&str]) -> String {
    let output = world.command(env!("CARGO_BIN_EXE_pilab")).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// All schemas by name.
fn schemas() -> BTreeMap<String, Value> {
    let world = World::new("config");
    let names = printed(&world, &["schema"]);
    let schema = |name: &str| serde_json::from_str(&printed(&world, &["schema", name])).unwrap();
    names.lines().map(|name| (name.to_owned(), schema(name))).collect()
}

/// The schema that an output says it keeps to; a list says it by the command that printed it.
fn name_of(command: &str, value: &Value) -> Option<String> {
    if let Some(schema) = value.get("schema").and_then(Value::as_str) {
        return Some(schema.strip_prefix("pilab.")?.strip_suffix("/v1")?.to_owned());
    }
    let lists = [(" repo ", "repositories"), (" drift accept ", "acceptances"), (" drift revoke ", "acceptances")];
    let found = lists.iter().find(|(word, _)| command.contains(word) && value.is_array());
    found.map(|(_, schema)| (*schema).to_owned())
}

#[test]
fn schemas_are_schemas_and_outputs_keep_to_them() {
    let schemas = schemas();
    assert!(schemas.len() > 15, "{:?}", schemas.keys());
    let made: BTreeMap<&String, jsonschema::Validator> =
        schemas.iter().map(|(name, schema)| (name, jsonschema::validator_for(schema).unwrap())).collect();
    for (name, schema) in &schemas {
        jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("schema {name}: {error}"));
    }
    let mut seen = BTreeMap::new();
    for file in files_below(Path::new("tests/scenarios"), "txt") {
        let text = fs::read_to_string(&file).unwrap();
        let commands = text.find("\n-- ").map_or(text.as_str(), |at| &text[..at]);
        for block in parse(commands).1.iter().filter(|block| block.command.contains("pilab")) {
            let Some(value) = json_of(&block.output) else { continue };
            let place = format!("{}: {}", file.display(), block.command);
            let Some(name) = name_of(&block.command, &value) else {
                assert!(block.command.contains(" schema "), "{place}: JSON without a schema");
                continue;
            };
            let validator = made.get(&name).unwrap_or_else(|| panic!("{place}: there is no schema {name}"));
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{place}:\n{}", errors.join("\n"));
            *seen.entry(name).or_insert(0) += 1;
        }
    }
    for report in ["drift", "status", "notes", "explanation", "lint", "repositories", "acceptances"] {
        assert!(seen.contains_key(report), "no scenario prints a {report} report as JSON");
    }
}

/// The JSON that a command printed, if it printed any.
fn json_of(output: &str) -> Option<Value> {
    let text: String = output
        .lines()
        .take_while(|line| !line.starts_with("2| ") && !line.starts_with("[exit "))
        .map(|line| format!("{line}\n"))
        .collect();
    text.starts_with(['{', '[']).then(|| serde_json::from_str(&text).ok()).flatten()
}

#[test]
fn json_is_found_behind_which_errors_stand() {
    assert_eq!(json_of("{\n  \"a\": 1\n}\n2| warning\n[exit 5]\n").unwrap()["a"], 1);
    assert_eq!(json_of("[exit 2]\n"), None);
    assert_eq!(json_of("2| {}\n"), None);
}
