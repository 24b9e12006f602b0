//! Views, routines, triggers, events and sequences as DDL.
use super::parts::{name, quoted};
use crate::engines::schema::catalog::{Catalog, Name, Other, Routine, RoutineKind, Sequence, Trigger, View};
use crate::engines::schema::mysql::normal::quote;

/// `CREATE VIEW`.
pub(super) fn view(full: &Name, view: &View) -> String {
    let mut text = "CREATE".to_owned();
    if let Some(algorithm) = view.options.get("algorithm") {
        text.push_str(&format!(" ALGORITHM={}", algorithm.to_ascii_uppercase()));
    }
    if view.options.contains_key("security") {
        text.push_str(" SQL SECURITY INVOKER");
    }
    let columns = view.columns.iter().map(|(column, _)| quoted(column)).collect::<Vec<_>>().join(", ");
    let columns = if columns.is_empty() { columns } else { format!(" ({columns})") };
    text.push_str(&format!(" VIEW {}{columns} AS {}", name(full), view.query.text));
    if let Some(check) = view.options.get("check option") {
        text.push_str(&format!(" WITH {} CHECK OPTION", check.to_ascii_uppercase()));
    }
    text
}

/// Views, those that others read first.
pub(super) fn ordered_views(catalog: &Catalog) -> Vec<(&Name, &View)> {
    let mut left: Vec<(&Name, &View)> = catalog.views.iter().collect();
    let mut done = Vec::new();
    let mentions = |view: &View, other: &Name| {
        let lower = view.query.text.to_lowercase();
        let name = other.name.to_lowercase();
        let edge = |one: Option<char>| one.is_none_or(|one| !(one.is_alphanumeric() || one == '_' || one == '$'));
        lower.match_indices(&name).any(|(at, _)| {
            edge(lower.get(..at).and_then(|text| text.chars().next_back()))
                && edge(lower.get(at + name.len()..).and_then(|text| text.chars().next()))
        })
    };
    while !left.is_empty() {
        let ready =
            left.iter().position(|(own, view)| !left.iter().any(|(other, _)| other != own && mentions(view, other)));
        done.push(left.remove(ready.unwrap_or(0)));
    }
    done
}

/// `CREATE FUNCTION`, `CREATE PROCEDURE`.
pub(super) fn routine(full: &Name, routine: &Routine) -> String {
    let kind = if routine.kind == RoutineKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
    let mut text = format!("CREATE {kind} {}({})", name(full), routine.arguments);
    if routine.kind != RoutineKind::Procedure {
        text.push_str(&format!(" RETURNS {}", routine.returns));
    }
    if routine.options.contains_key("deterministic") {
        text.push_str(" DETERMINISTIC");
    }
    if let Some(access) = routine.options.get("sql data access") {
        text.push_str(&format!(" {}", access.to_ascii_uppercase()));
    }
    if routine.options.contains_key("security") {
        text.push_str(" SQL SECURITY INVOKER");
    }
    if let Some(comment) = &routine.meta.comment {
        text.push_str(&format!(" COMMENT {}", quote(comment)));
    }
    format!("{text}\n{}", routine.body.normal)
}

/// `CREATE TRIGGER`.
pub(super) fn trigger(table: &Name, trigger: &Trigger) -> String {
    let events = trigger.events.join(" OR ").to_ascii_uppercase();
    format!(
        "CREATE TRIGGER {} {} {events} ON {} FOR EACH ROW {}",
        quoted(&trigger.name),
        trigger.timing.to_ascii_uppercase(),
        name(table),
        trigger.action.normal
    )
}

/// `CREATE EVENT`; a comment for one that runs once: when is not known.
pub(super) fn event(full: &Name, event: &Other) -> Option<String> {
    let schedule = event.attributes.get("schedule")?;
    let Some(every) = schedule.strip_prefix("every ") else {
        return Some(format!("-- the event {} runs once, at a time that is not known", name(full)));
    };
    let (amount, unit) = every.rsplit_once(' ').unwrap_or((every, "day"));
    let amount = if amount.bytes().all(|byte| byte.is_ascii_digit()) { amount.to_owned() } else { quote(amount) };
    let mut text = format!("CREATE EVENT {} ON SCHEDULE EVERY {amount} {}", name(full), unit.to_ascii_uppercase());
    if event.attributes.contains_key("on completion") {
        text.push_str(" ON COMPLETION PRESERVE");
    }
    match event.attributes.get("status").map(String::as_str) {
        Some("disabled") => text.push_str(" DISABLE"),
        Some(_) => text.push_str(" DISABLE ON SLAVE"),
        None => {}
    }
    if let Some(comment) = &event.meta.comment {
        text.push_str(&format!(" COMMENT {}", quote(comment)));
    }
    Some(format!("{text} DO {}", event.attributes.get("definition")?))
}

/// `CREATE SEQUENCE`.
pub(super) fn sequence(full: &Name, sequence: &Sequence) -> String {
    let mut text = format!("CREATE SEQUENCE {}", name(full));
    for (option, words) in [
        ("start", "START WITH"),
        ("increment", "INCREMENT BY"),
        ("minvalue", "MINVALUE"),
        ("maxvalue", "MAXVALUE"),
        ("cache", "CACHE"),
    ] {
        if let Some(value) = sequence.options.get(option) {
            text.push_str(&format!(" {words} {value}"));
        }
    }
    if sequence.options.contains_key("cycle") {
        text.push_str(" CYCLE");
    }
    text
}
