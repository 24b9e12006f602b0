//! Each kind of change as SQL of the server.
use super::element::Element;
use super::names::{Names, quote};
use super::table::{self, Made, comment, need, not_there, table_of};
use super::types;
use crate::engines::schema::catalog::Dialect;

/// SQL of a change; `None` when it does nothing to a database.
///
/// # Errors
/// Why there is none: it is not known, it has no such form on this server, or something is not said.
pub(super) fn sql(change: &Element, names: Names) -> Result<Option<Vec<String>>, String> {
    Ok(Some(match change.name.as_str() {
        "createTable" => table::create(change, names)?,
        "addColumn" => table::add_column(change, names)?,
        "dropColumn" => table::drop_column(change, names)?,
        "renameColumn" => table::rename_column(change, names)?,
        "modifyDataType" => table::modify_type(change, names)?,
        "addNotNullConstraint" => table::null(change, names, false)?,
        "dropNotNullConstraint" => table::null(change, names, true)?,
        "addDefaultValue" | "dropDefaultValue" => table::default(change, names)?,
        "addAutoIncrement" => table::auto_increment(change, names)?,
        "dropTable" => drop_table(change, names)?,
        "renameTable" => rename(change, names, "TABLE", "oldTableName", "newTableName")?,
        "addPrimaryKey" | "addUniqueConstraint" => add_key(change, names)?,
        "dropPrimaryKey" | "dropUniqueConstraint" | "dropForeignKeyConstraint" => drop_key(change, names)?,
        "addForeignKeyConstraint" => foreign_key(change, names)?,
        "createIndex" => create_index(change, names)?,
        "dropIndex" => drop_index(change, names)?,
        "createSequence" | "alterSequence" => sequence(change, names)?,
        "dropSequence" => {
            vec![format!("DROP SEQUENCE {}", names.of(change.said("schemaName"), need(change, "sequenceName")?))]
        }
        "renameSequence" => rename(change, names, "SEQUENCE", "oldSequenceName", "newSequenceName")?,
        "addLookupTable" => lookup(change, names)?,
        "createView" => view(change, names)?,
        "dropView" => vec![format!("DROP VIEW {}", names.of(change.said("schemaName"), need(change, "viewName")?))],
        "renameView" => rename(change, names, "VIEW", "oldViewName", "newViewName")?,
        "dropProcedure" => {
            vec![format!("DROP PROCEDURE {}", names.of(change.said("schemaName"), need(change, "procedureName")?))]
        }
        "insert" => insert(change, names)?,
        "update" => update(change, names)?,
        "delete" => vec![format!("DELETE FROM {}{}", table_of(change, names)?, filter(change, names))],
        "loadData" | "loadUpdateData" => load(change, names)?,
        "setTableRemarks" => table_remarks(change, names)?,
        "setColumnRemarks" => column_remarks(change, names)?,
        "mergeColumns" => merge(change, names)?,
        "tagDatabase" | "empty" | "output" | "stop" => return Ok(None),
        other => return Err(format!("the change {other} is not known here")),
    }))
}

fn drop_table(change: &Element, names: Names) -> Made {
    let cascade = if change.is("cascadeConstraints") && names.dialect == Dialect::Postgres { " CASCADE" } else { "" };
    Ok(vec![format!("DROP TABLE {}{cascade}", table_of(change, names)?)])
}

fn rename(change: &Element, names: Names, kind: &str, old: &str, new: &str) -> Made {
    let schema = change.said("schemaName");
    let (from, to) = (names.of(schema, need(change, old)?), need(change, new)?);
    Ok(vec![match names.dialect {
        Dialect::MySql | Dialect::MariaDb => format!("RENAME TABLE {from} TO {}", names.of(schema, to)),
        Dialect::Sqlite if kind != "TABLE" => return Err(not_there()),
        _ => format!("ALTER {kind} {from} RENAME TO {}", names.name(to)),
    }])
}

fn add_key(change: &Element, names: Names) -> Made {
    let table = table_of(change, names)?;
    let columns = names.list(need(change, "columnNames")?);
    let kind = if change.name == "addPrimaryKey" { "PRIMARY KEY" } else { "UNIQUE" };
    let named =
        change.said("constraintName").map(|name| format!("CONSTRAINT {} ", names.name(name))).unwrap_or_default();
    let mut sql = match (names.dialect, change.said("forIndexName")) {
        (Dialect::Sqlite, _) if kind == "UNIQUE" => {
            let name = change.said("constraintName").ok_or("a unique constraint without a name")?;
            return Ok(vec![format!("CREATE UNIQUE INDEX {} ON {table} ({columns})", names.name(name))]);
        }
        (Dialect::Sqlite, _) => return Err(not_there()),
        (Dialect::Postgres, Some(index)) if kind == "UNIQUE" => {
            format!("ALTER TABLE {table} ADD {named}UNIQUE USING INDEX {}", names.name(index))
        }
        _ => format!("ALTER TABLE {table} ADD {named}{kind} ({columns})"),
    };
    if names.dialect == Dialect::Postgres {
        sql.push_str(if change.is("deferrable") { " DEFERRABLE" } else { "" });
        sql.push_str(if change.is("initiallyDeferred") { " INITIALLY DEFERRED" } else { "" });
    }
    Ok(vec![sql])
}

fn drop_key(change: &Element, names: Names) -> Made {
    let table = match change.said("baseTableName") {
        Some(base) => names.of(change.said("baseTableSchemaName"), base),
        None => table_of(change, names)?,
    };
    let name = change.said("constraintName");
    match (names.dialect, change.name.as_str(), name) {
        (Dialect::Sqlite, ..) => Err(not_there()),
        (Dialect::Postgres, "dropPrimaryKey", None) => {
            let bare = need(change, "tableName")?;
            Err(format!("the primary key of {bare} is dropped without its name, which Liquibase asks the server for"))
        }
        (Dialect::Postgres, ..) => {
            Ok(vec![format!("ALTER TABLE {table} DROP CONSTRAINT {}", names.name(need(change, "constraintName")?))])
        }
        (_, "dropPrimaryKey", _) => Ok(vec![format!("ALTER TABLE {table} DROP PRIMARY KEY")]),
        (_, kind, _) => {
            let word = if kind == "dropForeignKeyConstraint" { "FOREIGN KEY" } else { "KEY" };
            Ok(vec![format!("ALTER TABLE {table} DROP {word} {}", names.name(need(change, "constraintName")?))])
        }
    }
}

fn foreign_key(change: &Element, names: Names) -> Made {
    if names.dialect == Dialect::Sqlite {
        return Err(not_there());
    }
    let base = names.of(change.said("baseTableSchemaName"), need(change, "baseTableName")?);
    let target = names.of(change.said("referencedTableSchemaName"), need(change, "referencedTableName")?);
    let mut sql = format!(
        "ALTER TABLE {base} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {target} ({})",
        names.name(need(change, "constraintName")?),
        names.list(need(change, "baseColumnNames")?),
        names.list(need(change, "referencedColumnNames")?)
    );
    if let Some(action) = change.said("onUpdate") {
        sql.push_str(&format!(" ON UPDATE {}", action.to_uppercase()));
    }
    let cascade = if change.is("deleteCascade") { Some("CASCADE") } else { None };
    if let Some(action) = change.said("onDelete").or(cascade) {
        sql.push_str(&format!(" ON DELETE {}", action.to_uppercase()));
    }
    if names.dialect == Dialect::Postgres {
        sql.push_str(if change.is("deferrable") { " DEFERRABLE" } else { "" });
        sql.push_str(if change.is("initiallyDeferred") { " INITIALLY DEFERRED" } else { "" });
        sql.push_str(if change.said("validate").is_some_and(|word| word.eq_ignore_ascii_case("false")) {
            " NOT VALID"
        } else {
            ""
        });
    }
    Ok(vec![sql])
}

fn create_index(change: &Element, names: Names) -> Made {
    let table = table_of(change, names)?;
    // An index that goes with a key is made by the key.
    if change.said("associatedWith").is_some_and(|with| !with.eq_ignore_ascii_case("none")) {
        return Ok(Vec::new());
    }
    let columns = change.all("column").filter_map(|column| {
        let name = column.said("name")?;
        let expression = column.is("computed") || name.contains('(');
        let sql = match (expression, names.dialect.is_mysql()) {
            (true, true) if !name.starts_with('(') && !name.ends_with(')') => name.to_owned(),
            (true, _) => name.to_owned(),
            (false, _) => names.name(name),
        };
        Some(if column.is("descending") { format!("{sql} DESC") } else { sql })
    });
    let columns: Vec<String> = columns.collect();
    let unique = if change.is("unique") { "UNIQUE " } else { "" };
    let name = change.said("indexName").map(|name| format!("{} ", names.name(name))).unwrap_or_default();
    Ok(vec![format!("CREATE {unique}INDEX {name}ON {table} ({})", columns.join(", "))])
}

fn drop_index(change: &Element, names: Names) -> Made {
    let name = need(change, "indexName")?;
    Ok(vec![match names.dialect {
        Dialect::MySql | Dialect::MariaDb => format!("DROP INDEX {} ON {}", names.name(name), table_of(change, names)?),
        _ => format!("DROP INDEX {}", names.of(change.said("schemaName"), name)),
    }])
}

fn sequence(change: &Element, names: Names) -> Made {
    if names.dialect == Dialect::Sqlite || names.dialect == Dialect::MySql {
        return Err("the server has no sequences".to_owned());
    }
    let name = names.of(change.said("schemaName"), need(change, "sequenceName")?);
    let new = change.name == "createSequence";
    let exists = if new && names.dialect == Dialect::Postgres { "IF NOT EXISTS " } else { "" };
    let mut sql = format!("{} SEQUENCE {exists}{name}", if new { "CREATE" } else { "ALTER" });
    let options = [
        ("dataType", "AS"),
        ("startValue", "START WITH"),
        ("incrementBy", "INCREMENT BY"),
        ("minValue", "MINVALUE"),
        ("maxValue", "MAXVALUE"),
        ("cacheSize", "CACHE"),
    ];
    for (attribute, word) in options {
        let word = if new || attribute != "startValue" { word } else { "RESTART WITH" };
        match change.said(attribute) {
            Some("0") if attribute == "cacheSize" => {}
            Some(value) => sql.push_str(&format!(" {word} {value}")),
            None => {}
        }
    }
    sql.push_str(if change.is("cycle") { " CYCLE" } else { "" });
    Ok(vec![sql])
}

fn lookup(change: &Element, names: Names) -> Made {
    let schema = change.said("existingTableSchemaName");
    let (old, new) = (
        names.of(schema, need(change, "existingTableName")?),
        names.of(change.said("newTableSchemaName"), need(change, "newTableName")?),
    );
    let (from, to) = (names.name(need(change, "existingColumnName")?), names.name(need(change, "newColumnName")?));
    let mut made =
        vec![format!("CREATE TABLE {new} AS SELECT DISTINCT {from} AS {to} FROM {old} WHERE {from} IS NOT NULL")];
    match names.dialect {
        Dialect::Sqlite => return Err(not_there()),
        Dialect::Postgres => made.push(format!("ALTER TABLE {new} ALTER COLUMN {to} SET NOT NULL")),
        _ => {
            let kind = types::translated(need(change, "newColumnDataType")?, names.dialect).0;
            made.push(format!("ALTER TABLE {new} MODIFY {to} {kind} NOT NULL"));
        }
    }
    made.push(format!("ALTER TABLE {new} ADD PRIMARY KEY ({to})"));
    let default = format!("FK_{}_{}", need(change, "existingTableName")?, need(change, "newTableName")?).to_uppercase();
    let key = names.name(change.said("constraintName").unwrap_or(&default));
    made.push(format!("ALTER TABLE {old} ADD CONSTRAINT {key} FOREIGN KEY ({from}) REFERENCES {new} ({to})"));
    Ok(made)
}

fn view(change: &Element, names: Names) -> Made {
    let query = change.attribute("selectQuery").unwrap_or(&change.text).trim().trim_end_matches(';');
    if query.is_empty() {
        return Err("the view has no query here".to_owned());
    }
    if change.is("fullDefinition") {
        return Ok(vec![query.to_owned()]);
    }
    let name = names.of(change.said("schemaName"), need(change, "viewName")?);
    let replace = change.is("replaceIfExists");
    let mut made = Vec::new();
    if replace && names.dialect == Dialect::Sqlite {
        made.push(format!("DROP VIEW IF EXISTS {name}"));
    }
    let word = if replace && names.dialect != Dialect::Sqlite { "CREATE OR REPLACE" } else { "CREATE" };
    made.push(format!("{word} VIEW {name} AS {query}"));
    if names.dialect == Dialect::Postgres {
        made.extend(change.said("remarks").map(|text| comment("VIEW", &name, text)));
    }
    Ok(made)
}

/// The rows of a change of data.
fn filter(change: &Element, names: Names) -> String {
    let Some(text) = change.text_of("where").map(str::trim).filter(|text| !text.is_empty()) else {
        return String::new();
    };
    let mut text = text.to_owned();
    for param in change.all("param").chain(change.child("whereParams").into_iter().flat_map(|all| all.all("param"))) {
        let value = names.value(param, "value").unwrap_or_else(|| "NULL".to_owned());
        if let Some(column) = param.said("name") {
            text = text.replacen(":name", &names.name(column), 1);
        }
        text = text.replacen(":value", &value, 1);
    }
    format!(" WHERE {text}")
}

fn insert(change: &Element, names: Names) -> Made {
    let pairs: Vec<(String, String)> = change
        .all("column")
        .filter_map(|column| {
            let value = names
                .value(column, "value")
                .or_else(|| (!column.text.trim().is_empty()).then(|| quote(&column.text, names.dialect)));
            Some((names.name(column.said("name")?), value.unwrap_or_else(|| "NULL".to_owned())))
        })
        .collect();
    let (columns, values): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
    Ok(vec![format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table_of(change, names)?,
        columns.join(", "),
        values.join(", ")
    )])
}

fn update(change: &Element, names: Names) -> Made {
    let pairs = change.all("column").filter_map(|column| {
        let value = names.value(column, "value").unwrap_or_else(|| "NULL".to_owned());
        Some(format!("{} = {value}", names.name(column.said("name")?)))
    });
    let pairs: Vec<String> = pairs.collect();
    Ok(vec![format!("UPDATE {} SET {}{}", table_of(change, names)?, pairs.join(", "), filter(change, names))])
}

/// Rows of a file; they are data, and what they are is not told.
fn load(change: &Element, names: Names) -> Made {
    let table = table_of(change, names)?;
    Ok(vec![format!("INSERT INTO {table} SELECT * FROM {table} WHERE 1 = 0")])
}

fn table_remarks(change: &Element, names: Names) -> Made {
    let (table, text) = (table_of(change, names)?, change.attribute("remarks").unwrap_or_default());
    match names.dialect {
        Dialect::Postgres => Ok(vec![comment("TABLE", &table, text)]),
        Dialect::Sqlite => Ok(Vec::new()),
        dialect => Ok(vec![format!("ALTER TABLE {table} COMMENT = {}", quote(text, dialect))]),
    }
}

fn column_remarks(change: &Element, names: Names) -> Made {
    let (table, text) = (table_of(change, names)?, change.attribute("remarks").unwrap_or_default());
    let column = names.name(need(change, "columnName")?);
    match names.dialect {
        Dialect::Postgres => Ok(vec![comment("COLUMN", &format!("{table}.{column}"), text)]),
        Dialect::Sqlite => Ok(Vec::new()),
        dialect => {
            let kind = types::translated(need(change, "columnDataType")?, dialect).0;
            Ok(vec![format!("ALTER TABLE {table} MODIFY COLUMN {column} {kind} COMMENT {}", quote(text, dialect))])
        }
    }
}

fn merge(change: &Element, names: Names) -> Made {
    let table = table_of(change, names)?;
    let (one, two) = (names.name(need(change, "column1Name")?), names.name(need(change, "column2Name")?));
    let name = names.name(need(change, "finalColumnName")?);
    let kind = types::translated(need(change, "finalColumnType")?, names.dialect).0;
    let between = quote(change.attribute("joinString").unwrap_or_default(), names.dialect);
    let value = match names.dialect.is_mysql() {
        true => format!("CONCAT_WS({between}, {one}, {two})"),
        false => format!("{one} || {between} || {two}"),
    };
    Ok(vec![
        format!("ALTER TABLE {table} ADD COLUMN {name} {kind}"),
        format!("UPDATE {table} SET {name} = {value}"),
        format!("ALTER TABLE {table} DROP COLUMN {one}"),
        format!("ALTER TABLE {table} DROP COLUMN {two}"),
    ])
}

/// The change that undoes a change, where Liquibase knows one by itself.
pub(super) fn inverse(change: &Element) -> Option<Vec<Element>> {
    let new = |name: &str| Element::new(name, change.line);
    let take = |mut element: Element, pairs: &[(&str, &str)]| {
        for (from, to) in pairs {
            if let Some(value) = change.attribute(from) {
                element = element.set(to, value);
            }
        }
        element
    };
    let at = [("tableName", "tableName"), ("schemaName", "schemaName")];
    Some(vec![match change.name.as_str() {
        "createTable" => take(new("dropTable"), &at),
        "addColumn" => {
            let columns = change.all("column").filter_map(|column| column.attribute("name"));
            columns.fold(take(new("dropColumn"), &at), |drop, name| {
                drop.with(Element::new("column", change.line).set("name", name))
            })
        }
        "createIndex" => take(take(new("dropIndex"), &at), &[("indexName", "indexName")]),
        "createView" => take(new("dropView"), &[("viewName", "viewName"), ("schemaName", "schemaName")]),
        "createSequence" => {
            take(new("dropSequence"), &[("sequenceName", "sequenceName"), ("schemaName", "schemaName")])
        }
        "addForeignKeyConstraint" => take(
            new("dropForeignKeyConstraint"),
            &[
                ("baseTableName", "baseTableName"),
                ("baseTableSchemaName", "baseTableSchemaName"),
                ("constraintName", "constraintName"),
            ],
        ),
        "addPrimaryKey" => take(take(new("dropPrimaryKey"), &at), &[("constraintName", "constraintName")]),
        "addUniqueConstraint" => take(take(new("dropUniqueConstraint"), &at), &[("constraintName", "constraintName")]),
        "addNotNullConstraint" => take(
            take(new("dropNotNullConstraint"), &at),
            &[("columnName", "columnName"), ("columnDataType", "columnDataType")],
        ),
        "addDefaultValue" => take(take(new("dropDefaultValue"), &at), &[("columnName", "columnName")]),
        "renameColumn" => take(
            take(new("renameColumn"), &at),
            &[
                ("oldColumnName", "newColumnName"),
                ("newColumnName", "oldColumnName"),
                ("columnDataType", "columnDataType"),
            ],
        ),
        "renameTable" => take(
            new("renameTable"),
            &[("oldTableName", "newTableName"), ("newTableName", "oldTableName"), ("schemaName", "schemaName")],
        ),
        "tagDatabase" | "empty" | "output" => return Some(Vec::new()),
        _ => return None,
    }])
}
