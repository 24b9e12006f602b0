//! Tables and their columns.
use super::Writer;
use super::text::{self, full, ident};
use crate::engines::schema::catalog::{Column, DataType, Generated, Identity, Key, Kind, Name, Table};

impl Writer<'_> {
    /// Tables that are new, and columns of those that stay. New tables come in an order in which parents are first.
    pub(super) fn tables(&mut self) {
        let (before, after) = (self.before, self.after);
        for name in ordered(after.tables.keys().filter(|name| !before.tables.contains_key(name)), |name| {
            after.tables.get(name).map(|table| table.inherits.clone()).unwrap_or_default()
        }) {
            if let Some(table) = after.tables.get(&name) {
                self.create_table(&name, table);
            }
        }
        for (name, new) in &after.tables {
            if let Some(old) = before.tables.get(name) {
                self.alter_table(name, old, new);
            }
        }
    }

    fn create_table(&mut self, name: &Name, table: &Table) {
        let server = table.options.get("server");
        let word = match (server, table.unlogged) {
            (Some(_), _) => "FOREIGN TABLE",
            (None, true) => "UNLOGGED TABLE",
            (None, false) => "TABLE",
        };
        // What a parent has in the same form comes with it, and goes with it later.
        let same = |one: &Column, other: &Column| text::column(one) == text::column(other);
        let parents: Vec<&Table> = table.inherits.iter().filter_map(|parent| self.after.tables.get(parent)).collect();
        let own = table.columns.iter().filter(|column| {
            !parents.iter().any(|parent| parent.column(&column.name).is_some_and(|known| same(known, column)))
        });
        let columns: Vec<String> = own.map(|column| format!("    {}", text::column(column))).collect();
        let body = if columns.is_empty() { String::new() } else { format!("\n{}\n", columns.join(",\n")) };
        let mut sql = format!("CREATE {word} {} ({body})", full(name));
        if !table.inherits.is_empty() {
            let parents: Vec<String> = table.inherits.iter().map(full).collect();
            sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
        }
        if let Some(by) = &table.partitioning.by {
            sql.push_str(&format!(" PARTITION BY {}", by.text));
        }
        if let Some(server) = server {
            sql.push_str(&format!(" SERVER {}", ident(server)));
        }
        let options = text::options(&table.options, text::is_storage);
        if !options.is_empty() && server.is_none() {
            sql.push_str(&format!(" WITH ({})", options.join(", ")));
        }
        let key = Key::top(Kind::Table, name);
        self.script.push(&key, sql);
        for column in &table.columns {
            self.column_options(name, &Column::default(), column);
        }
        self.table_flags(name, &Table::default(), table);
    }

    fn alter_table(&mut self, name: &Name, old: &Table, new: &Table) {
        let key = Key::top(Kind::Table, name);
        let table = full(name);
        if old.partitioning.by.as_ref().map(|by| &by.normal) != new.partitioning.by.as_ref().map(|by| &by.normal) {
            self.script
                .push(&key, format!("-- not written: other partitioning of {table}: make it anew and move its rows"));
        }
        for column in &new.columns {
            if self.parent_does(old, new, &column.name) {
                continue;
            }
            match old.column(&column.name) {
                None => {
                    let part = Key::part(Kind::Column, name, &*column.name);
                    self.script.push(&part, format!("ALTER TABLE {table} ADD COLUMN {}", text::column(column)));
                    self.column_options(name, &Column::default(), column);
                }
                Some(known) => self.alter_column(name, known, column),
            }
        }
        for column in old.columns.iter().filter(|column| new.column(&column.name).is_none()) {
            if self.parent_does(old, new, &column.name) {
                continue;
            }
            let part = Key::part(Kind::Column, name, &*column.name);
            self.script.push(&part, format!("ALTER TABLE {table} DROP COLUMN {}", ident(&column.name)));
        }
        for parent in new.inherits.iter().filter(|parent| !old.inherits.contains(parent)) {
            self.script.push(&key, format!("ALTER TABLE {table} INHERIT {}", full(parent)));
        }
        if old.unlogged != new.unlogged {
            self.script
                .push(&key, format!("ALTER TABLE {table} SET {}", if new.unlogged { "UNLOGGED" } else { "LOGGED" }));
        }
        let storage = |table: &Table| {
            table
                .options
                .iter()
                .filter(|(name, _)| text::is_storage(name))
                .map(|(a, b)| (a.clone(), b.clone()))
                .collect()
        };
        let (before, after): (std::collections::BTreeMap<String, String>, std::collections::BTreeMap<String, String>) =
            (storage(old), storage(new));
        let gone: Vec<&str> = before.keys().filter(|name| !after.contains_key(*name)).map(String::as_str).collect();
        if !gone.is_empty() {
            self.script.push(&key, format!("ALTER TABLE {table} RESET ({})", gone.join(", ")));
        }
        let set = text::options(&after, |name| before.get(name) != after.get(name));
        if !set.is_empty() {
            self.script.push(&key, format!("ALTER TABLE {table} SET ({})", set.join(", ")));
        }
        self.table_flags(name, old, new);
    }

    /// Whether a parent that the table keeps makes the same change of a column, which comes down to the table by itself.
    fn parent_does(&self, old: &Table, new: &Table, name: &str) -> bool {
        let bare = |table: &Table| {
            table
                .column(name)
                .map(|column| Column { meta: crate::engines::schema::catalog::Meta::default(), ..column.clone() })
        };
        let parents =
            |table: &Table| -> Vec<Name> { table.inherits.iter().chain(&table.partitioning.parent).cloned().collect() };
        let kept = parents(new);
        parents(old).iter().filter(|parent| kept.contains(parent)).any(|parent| {
            self.before.tables.get(parent).zip(self.after.tables.get(parent)).is_some_and(|(before, after)| {
                bare(before) == bare(old) && bare(after) == bare(new) && bare(before) != bare(after)
            })
        })
    }

    /// Row-level security and replica identity.
    fn table_flags(&mut self, name: &Name, old: &Table, new: &Table) {
        let key = Key::top(Kind::Table, name);
        let table = full(name);
        let mut flag = |before: bool, after: bool, on: &str, off: &str| {
            if before != after {
                self.script.push(&key, format!("ALTER TABLE {table} {}", if after { on } else { off }));
            }
        };
        flag(old.row_security, new.row_security, "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY");
        flag(old.force_row_security, new.force_row_security, "FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY");
    }

    /// A column that both have. What cannot be changed in place (a computed one) is dropped and added: its values are computed again.
    fn alter_column(&mut self, name: &Name, old: &Column, new: &Column) {
        let part = Key::part(Kind::Column, name, &*new.name);
        let (table, column) = (full(name), ident(&new.name));
        let normal =
            |generated: &Option<Generated>| generated.as_ref().map(|one| (one.expression.normal.clone(), one.stored));
        if new.generated.is_some() && normal(&old.generated) != normal(&new.generated) {
            self.script.push(&part, format!("ALTER TABLE {table} DROP COLUMN {column}"));
            self.script.push(&part, format!("ALTER TABLE {table} ADD COLUMN {}", text::column(new)));
            return;
        }
        let default = |column: &Column| column.default.as_ref().map(|one| one.normal.clone());
        // A default goes with a function that is dropped.
        let lost = default(old).is_some_and(|default| self.calls_lost(&default));
        let mut say =
            |what: String| self.script.push(&part, format!("ALTER TABLE {table} ALTER COLUMN {column} {what}"));
        if old.generated.is_some() && new.generated.is_none() {
            say("DROP EXPRESSION".to_owned());
        }
        let retyped = old.data_type != new.data_type || old.collation != new.collation;
        let redefault = retyped || lost || default(old) != default(new);
        if old.identity.is_some() && new.identity.is_none() {
            say("DROP IDENTITY".to_owned());
        }
        if redefault && old.default.is_some() {
            say("DROP DEFAULT".to_owned());
        }
        if retyped {
            let kind = text::data_type(&new.data_type);
            let collate =
                new.collation.as_ref().map(|name| format!(" COLLATE {}", text::collation(name))).unwrap_or_default();
            let using = using(old, new, &column);
            say(format!("TYPE {kind}{collate}{using}"));
        }
        if let Some(default) = new.default.as_ref().filter(|_| redefault) {
            say(format!("SET DEFAULT {}", default.text));
        }
        if old.not_null != new.not_null {
            say(if new.not_null { "SET NOT NULL" } else { "DROP NOT NULL" }.to_owned());
        }
        match (&old.identity, &new.identity) {
            (None, Some(identity)) => say(format!("ADD {}", text::identity(identity))),
            (Some(before), Some(after)) if before != after => identity(before, after).into_iter().for_each(say),
            _ => {}
        }
        self.column_options(name, old, new);
    }

    fn column_options(&mut self, name: &Name, old: &Column, new: &Column) {
        let part = Key::part(Kind::Column, name, &*new.name);
        for (word, value) in &new.options {
            if old.options.get(word) == Some(value) {
                continue;
            }
            let set = match word.as_str() {
                "storage" => format!("SET STORAGE {value}"),
                "compression" => format!("SET COMPRESSION {value}"),
                "statistics" => format!("SET STATISTICS {value}"),
                _ => continue,
            };
            self.script.push(&part, format!("ALTER TABLE {} ALTER COLUMN {} {set}", full(name), ident(&new.name)));
        }
        for word in old.options.keys().filter(|word| !new.options.contains_key(*word)) {
            let reset = match word.as_str() {
                // The word `DEFAULT` is known from 16 on.
                "storage" if matches!(new.data_type.name.as_str(), "numeric" | "inet" | "cidr") => "SET STORAGE MAIN",
                "storage" => "SET STORAGE EXTENDED",
                "compression" => "SET COMPRESSION default",
                "statistics" => "SET STATISTICS -1",
                _ => continue,
            };
            self.script.push(&part, format!("ALTER TABLE {} ALTER COLUMN {} {reset}", full(name), ident(&new.name)));
        }
    }
}

/// How old values become new ones. Where the server has no cast they go by way of text.
fn using(old: &Column, new: &Column, column: &str) -> String {
    if old.data_type == new.data_type {
        return String::new();
    }
    let kind = text::data_type(&new.data_type);
    if casts(&old.data_type, &new.data_type) {
        format!(" USING {column}::{kind}")
    } else {
        format!(" USING {column}::text::{kind}")
    }
}

/// Whether the server has a cast of its own.
fn casts(old: &DataType, new: &DataType) -> bool {
    let is = |one: &DataType, names: &[&str]| one.schema.is_none() && names.contains(&one.name.as_str());
    let both = |names: &[&str]| is(old, names) && is(new, names);
    let words = ["text", "character varying", "character", "name"];
    if old.array != new.array {
        let text = if old.array { new } else { old };
        return is(text, &words);
    }
    (old.schema == new.schema && old.name == new.name)
        || (!old.array && (is(old, &words) || is(new, &words)))
        || both(&words)
        || both(&["smallint", "integer", "bigint", "numeric", "real", "double precision", "money"])
        || both(&["integer", "boolean"])
        || both(&["date", "timestamp without time zone", "timestamp with time zone"])
        || both(&["json", "jsonb"])
        || both(&["bit", "bit varying"])
        || both(&["inet", "cidr"])
        || (is(old, &["timestamp without time zone", "timestamp with time zone"])
            && is(new, &["time without time zone"]))
}

fn identity(before: &Identity, after: &Identity) -> Vec<String> {
    let mut all = Vec::new();
    if before.always != after.always {
        all.push(format!("SET GENERATED {}", if after.always { "ALWAYS" } else { "BY DEFAULT" }));
    }
    if before.options != after.options {
        let mut set: Vec<String> =
            text::sequence_options(&after.options).into_iter().map(|option| format!("SET {option}")).collect();
        for gone in before.options.keys().filter(|name| !after.options.contains_key(*name)) {
            let back = match gone.as_str() {
                "start" => "SET START WITH 1",
                "increment" => "SET INCREMENT BY 1",
                "cache" => "SET CACHE 1",
                "cycle" => "SET NO CYCLE",
                "minvalue" => "SET NO MINVALUE",
                "maxvalue" => "SET NO MAXVALUE",
                _ => continue,
            };
            set.push(back.to_owned());
        }
        if !set.is_empty() {
            all.push(set.join(" "));
        }
    }
    all
}

/// Names in an order in which what others need comes first; those in a circle stand in their own order.
pub(super) fn ordered<'a>(names: impl Iterator<Item = &'a Name>, needs: impl Fn(&Name) -> Vec<Name>) -> Vec<Name> {
    let mut left: Vec<Name> = names.cloned().collect();
    let mut done: Vec<Name> = Vec::new();
    while !left.is_empty() {
        let waiting: std::collections::BTreeSet<Name> = left.iter().cloned().collect();
        let (ready, rest): (Vec<Name>, Vec<Name>) = left
            .iter()
            .cloned()
            .partition(|name| needs(name).iter().all(|need| need == name || !waiting.contains(need)));
        if ready.is_empty() {
            done.extend(rest);
            break;
        }
        done.extend(ready);
        left = rest;
    }
    done
}
