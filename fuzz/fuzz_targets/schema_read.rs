//! Any JSON as the answers of a live server: read or refused, and never a panic.
#![no_main]
#[path = "schema/steps.rs"]
mod steps;

use libfuzzer_sys::fuzz_target;
use pilab::engines::schema::catalog::Dialect;
use pilab::engines::schema::{create, introspection, read};
use serde_json::{Map, Value};

// The answers by name; a name that is left out is an empty answer, so that few bytes reach far.
fuzz_target!(|text: &str| {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    for dialect in [Dialect::Postgres, Dialect::MySql, Dialect::MariaDb] {
        let _ = read(dialect, &value);
        let names = introspection(dialect).iter().map(|(name, _)| (*name).to_owned());
        let mut answers: Map<String, Value> = names.map(|name| (name, Value::Array(Vec::new()))).collect();
        if let Value::Object(given) = &value {
            answers.extend(given.clone());
        }
        if let Ok(catalog) = read(dialect, &Value::Object(answers)) {
            let _ = (catalog.objects(), create(&catalog));
            steps::round(&catalog);
        }
    }
});
