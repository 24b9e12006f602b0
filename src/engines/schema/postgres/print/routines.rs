//! Functions, procedures, aggregates, and triggers.
use super::Writer;
use super::parts::same_trigger;
use super::text::{self, full, ident, literal};
use crate::engines::schema::catalog::{Key, Kind, Name, Routine, RoutineKind, Trigger};

/// Settings whose value is a list of names.
const LISTS: [&str; 5] = [
    "search_path",
    "temp_tablespaces",
    "session_preload_libraries",
    "local_preload_libraries",
    "shared_preload_libraries",
];

fn key(name: &Name, arguments: &str, one: &Routine) -> Key {
    let kind = match one.kind {
        RoutineKind::Function => Kind::Function,
        RoutineKind::Procedure => Kind::Procedure,
        RoutineKind::Aggregate => Kind::Aggregate,
    };
    Key { kind, schema: name.schema.clone(), table: String::new(), name: format!("{}({arguments})", name.name) }
}

fn word(one: &Routine) -> &'static str {
    match one.kind {
        RoutineKind::Function => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
        RoutineKind::Aggregate => "AGGREGATE",
    }
}

fn same(a: &Routine, b: &Routine) -> bool {
    (a.kind, &a.arguments, &a.returns, &a.language, &a.body.normal, &a.options)
        == (b.kind, &b.arguments, &b.returns, &b.language, &b.body.normal, &b.options)
}

impl Writer<'_> {
    /// Routines that are new or others. Those that name a table in what they take or give, or whose body the server reads, come after the tables.
    pub(super) fn routines(&mut self, late: bool) {
        let (before, after) = (self.before, self.after);
        let mut aggregates = Vec::new();
        for ((name, arguments), new) in &after.routines {
            let names_tables =
                after.tables.keys().chain(after.views.keys()).any(|table| {
                    text::mentions(&new.arguments, &table.name) || text::mentions(&new.returns, &table.name)
                });
            let atomic = new.body.text.starts_with("BEGIN ATOMIC") || new.body.text.starts_with("RETURN ");
            if (names_tables || atomic) != late {
                continue;
            }
            let id = (name.clone(), arguments.clone());
            let old = before.routines.get(&id).filter(|_| !self.dropped.contains(&id));
            if old.is_some_and(|old| same(old, new)) {
                continue;
            }
            let key = key(name, arguments, new);
            // The names of parameters and what it gives cannot be changed in place.
            if let Some(old) = old.filter(|old| {
                old.kind != new.kind
                    || old.arguments != new.arguments
                    || old.returns != new.returns
                    || old.kind == RoutineKind::Aggregate
            }) {
                self.script.push(&key, format!("DROP {} {}({arguments}) CASCADE", word(old), full(name)));
            }
            if new.kind == RoutineKind::Aggregate {
                aggregates.push((key, aggregate(name, new)));
                continue;
            }
            self.script.routines = true;
            self.script.push(&key, create(name, new));
        }
        for (key, sql) in aggregates {
            self.script.push(&key, sql);
        }
    }

    /// A routine keeps the old type when its type is made anew under its name.
    pub(super) fn drop_routines_of_types(&mut self) {
        let before = self.before;
        for (id, old) in &before.routines {
            let uses = self.replaced.iter().any(|name| {
                let text = name.to_string();
                text::mentions(&old.arguments, &text)
                    || text::mentions(&old.returns, &text)
                    || text::mentions(&id.1, &text)
                    || text::mentions(&old.arguments, &full(name))
                    || text::mentions(&old.returns, &full(name))
            });
            if uses {
                self.dropped.insert(id.clone());
                let sql = format!("DROP {} {}({}) CASCADE", word(old), full(&id.0), id.1);
                self.script.push(&key(&id.0, &id.1, old), sql);
            }
        }
    }

    pub(super) fn drop_routines(&mut self) {
        let dropped = std::mem::take(&mut self.dropped);
        let gone = self
            .before
            .routines
            .iter()
            .filter(|(key, _)| !self.after.routines.contains_key(*key) && !dropped.contains(*key));
        let (aggregates, others): (Vec<_>, Vec<_>) = gone.partition(|(_, one)| one.kind == RoutineKind::Aggregate);
        for ((name, arguments), old) in aggregates.into_iter().chain(others) {
            self.script.push(&key(name, arguments, old), format!("DROP {} {}({arguments})", word(old), full(name)));
        }
    }

    pub(super) fn triggers(&mut self) {
        let (before, after) = (self.before, self.after);
        let of_tables = after.tables.iter().map(|(name, table)| (name, &table.triggers));
        let of_views = after.views.iter().map(|(name, view)| (name, &view.triggers));
        for (name, triggers) in of_tables.chain(of_views) {
            let table = before.tables.get(name).map(|table| &table.triggers);
            let old = table
                .or_else(|| before.views.get(name).filter(|_| !self.again.contains(name)).map(|view| &view.triggers));
            for trigger in triggers {
                let known = old.and_then(|old| old.iter().find(|known| known.name == trigger.name));
                // A function that was dropped and made anew took its triggers along.
                let lost = known.is_some() && self.lost_its_function(trigger);
                let tables = before.tables.get(name).zip(after.tables.get(name));
                let stays = known.is_some_and(|known| {
                    tables
                        .map_or_else(|| same_trigger(known, trigger), |(old, new)| !self.trigger_goes(old, new, known))
                });
                if self.cloned(name, trigger) || (stays && !lost) {
                    continue;
                }
                let part = Key::part(Kind::Trigger, name, &*trigger.name);
                self.script.push(&part, create_trigger(name, trigger));
                if let Some(state) = trigger.options.get("enabled") {
                    let verb = match state.as_str() {
                        "disabled" | "no" => "DISABLE TRIGGER",
                        "replica" => "ENABLE REPLICA TRIGGER",
                        _ => "ENABLE ALWAYS TRIGGER",
                    };
                    self.script.push(&part, format!("ALTER TABLE {} {verb} {}", full(name), ident(&trigger.name)));
                }
            }
        }
    }

    fn lost_its_function(&self, trigger: &Trigger) -> bool {
        let called = trigger.action.normal.split('(').next().unwrap_or_default();
        self.after.routines.iter().any(|((name, arguments), new)| {
            let same_name = called == name.to_string() || called == full(name);
            let old = self.before.routines.get(&(name.clone(), arguments.clone()));
            let dropped = self.dropped.contains(&(name.clone(), arguments.clone()));
            same_name && old.is_some_and(|old| dropped || old.arguments != new.arguments || old.returns != new.returns)
        })
    }
}

fn create(name: &Name, one: &Routine) -> String {
    let mut sql = format!("CREATE OR REPLACE {} {}({})", word(one), full(name), one.arguments);
    if !one.returns.is_empty() {
        sql.push_str(&format!(" RETURNS {}", one.returns));
    }
    sql.push_str(&format!("\n    LANGUAGE {}", ident(&one.language)));
    for (name, value) in &one.options {
        sql.push_str(&option(name, value));
    }
    let body = &one.body.text;
    if body.starts_with("BEGIN ATOMIC") || body.starts_with("RETURN ") {
        sql.push_str(&format!("\n{body}"));
    } else if matches!(one.language.as_str(), "c" | "internal") {
        let parts: Vec<String> = body.splitn(2, ", ").map(literal).collect();
        sql.push_str(&format!("\n    AS {}", parts.join(", ")));
    } else {
        let tag = tag(body);
        sql.push_str(&format!("\n    AS {tag}{body}{tag}"));
    }
    sql
}

fn option(name: &str, value: &str) -> String {
    match name {
        "parallel" => format!(" PARALLEL {}", value.to_uppercase()),
        "volatility" => format!(" {}", value.to_uppercase()),
        "strict" => " STRICT".to_owned(),
        "security" => format!(" SECURITY {}", value.to_uppercase()),
        "leakproof" => " LEAKPROOF".to_owned(),
        "window" => " WINDOW".to_owned(),
        "cost" | "rows" | "support" => format!(" {} {value}", name.to_uppercase()),
        "transform" => format!(" TRANSFORM {value}"),
        _ => match name.strip_prefix("set ") {
            Some(setting) if LISTS.contains(&setting) => {
                format!("\n    SET {setting} TO {}", if matches!(value, "\"\"" | "") { "''" } else { value })
            }
            Some(setting) => format!("\n    SET {setting} TO {}", literal(value)),
            None => String::new(),
        },
    }
}

/// A dollar quote that does not stand in the body.
fn tag(body: &str) -> String {
    let mut tag = "$$".to_owned();
    let mut number = 0;
    while body.contains(&tag) {
        number += 1;
        tag = format!("$body{number}$");
    }
    tag
}

fn aggregate(name: &Name, one: &Routine) -> String {
    let mut parts = Vec::new();
    for (option, value) in &one.options {
        match option.as_str() {
            "ordered" | "hypothetical" => {}
            "initcond" | "minitcond" => parts.push(format!("{option} = {}", literal(value))),
            "parallel" => parts.push(format!("parallel = {value}")),
            "finalfunc_extra" | "mfinalfunc_extra" => parts.push(option.clone()),
            _ => parts.push(format!("{option} = {value}")),
        }
    }
    let arguments = if one.arguments.is_empty() { "*" } else { &one.arguments };
    format!("CREATE AGGREGATE {}({arguments}) ({})", full(name), parts.join(", "))
}

fn create_trigger(table: &Name, one: &Trigger) -> String {
    let get = |name: &str| one.options.get(name).map(String::as_str);
    let constraint = if get("constraint").is_some() { "CONSTRAINT " } else { "" };
    let events: Vec<String> = one
        .events
        .iter()
        .map(|event| match event.as_str() {
            "update" if !one.columns.is_empty() => format!("UPDATE OF {}", text::columns(&one.columns)),
            event => event.to_uppercase(),
        })
        .collect();
    let mut sql = format!(
        "CREATE {constraint}TRIGGER {} {} {} ON {}",
        ident(&one.name),
        one.timing.to_uppercase(),
        events.join(" OR "),
        full(table)
    );
    if let Some(from) = get("from") {
        sql.push_str(&format!(" FROM {from}"));
    }
    if get("deferrable").is_some() {
        sql.push_str(" DEFERRABLE");
    }
    if get("deferred").is_some() {
        sql.push_str(" INITIALLY DEFERRED");
    }
    let seen: Vec<String> = [("old table", "OLD"), ("new table", "NEW")]
        .iter()
        .filter_map(|(name, word)| Some(format!("{word} TABLE AS {}", ident(get(name)?))))
        .collect();
    if !seen.is_empty() {
        sql.push_str(&format!(" REFERENCING {}", seen.join(" ")));
    }
    sql.push_str(if one.for_each_row { " FOR EACH ROW" } else { " FOR EACH STATEMENT" });
    if let Some(condition) = &one.condition {
        sql.push_str(&format!(" WHEN ({})", condition.text));
    }
    sql.push_str(&format!(" EXECUTE FUNCTION {}", one.action.text));
    sql
}
