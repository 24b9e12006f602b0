//! What statements of a block may do, seen by their text alone.
use super::code::Code;
use super::eval::UNKNOWN;
use super::value::Value;
use super::{Run, assign};
use crate::engines::schema::postgres::replay::words::Words;

/// Whether a statement is about data, roles or the session alone.
pub(super) fn only_data(text: &str) -> bool {
    let mut words = Words::parse(text);
    let first = words.next().unwrap_or_default().to_ascii_uppercase();
    let second = words.peek(0).to_ascii_uppercase();
    match first.as_str() {
        "INSERT" | "UPDATE" | "DELETE" | "SELECT" | "WITH" | "MERGE" | "TRUNCATE" | "NOTIFY" | "LOCK" | "ANALYZE"
        | "PERFORM" | "REFRESH" => true,
        "CREATE" | "ALTER" | "DROP" => matches!(
            second.as_str(),
            "ROLE" | "USER" | "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" | "TEMP" | "TEMPORARY"
        ),
        "COMMENT" => words.is("ON ROLE") || words.is("ON DATABASE"),
        _ => false,
    }
}

/// Variables that statements set are not known any more.
pub(super) fn unset(all: &[Code], run: &mut Run) {
    for one in all {
        match one {
            Code::Assign(name, _) => assign(run, name, Value::text(UNKNOWN)),
            Code::Into(_, names, _) | Code::Execute(_, names, _, _) | Code::Nothing(names) => {
                names.iter().for_each(|name| assign(run, name, Value::text(UNKNOWN)));
            }
            Code::If(branches, other) => {
                branches.iter().for_each(|(_, body)| unset(body, run));
                unset(other, run);
            }
            Code::ForQuery(_, _, _, body)
            | Code::ForRange(_, _, _, _, body)
            | Code::ForEach(_, _, body)
            | Code::Loop(_, body) => unset(body, run),
            Code::Block(block) => unset(&block.body, run),
            _ => {}
        }
    }
}

/// Whether statements name a field of a variable (`r.name`): then it is a row.
pub(super) fn uses_field(all: &[Code], variable: &str) -> bool {
    let text = format!("{all:?}").to_lowercase();
    text.contains(&format!("{variable}."))
}
