//! Views, routines, triggers and events of a record.
use super::Context;
use super::row::rows;
use crate::engines::schema::catalog::{
    Catalog, Expression, Key, Kind, Name, Other, Routine, RoutineKind, Trigger, View,
};
use crate::engines::schema::mysql::normal::{body, normal_query, simple_form};
use crate::engines::schema::mysql::parse::type_of_text;
use crate::engines::schema::mysql::replay::argument;
use crate::engines::schema::mysql::text::Lexer;
use serde_json::Value;

/// Everything that is a program.
pub(super) fn read(record: &Value, context: &Context, catalog: &mut Catalog) -> Result<(), String> {
    views(record, context, catalog)?;
    routines(record, context, catalog)?;
    for row in rows(record, "triggers") {
        let Some(table) = catalog.tables.get_mut(&Name::new("", row.get("table_name"))) else { continue };
        let text = row.get("body").to_owned();
        table.triggers.push(Trigger {
            name: row.get("name").to_owned(),
            timing: row.get("timing").to_ascii_lowercase(),
            events: vec![row.get("event").to_ascii_lowercase()],
            for_each_row: true,
            action: Expression { normal: body(&text), text },
            ..Trigger::default()
        });
    }
    for row in rows(record, "events") {
        let mut event = Other::default();
        event.meta.comment = row.filled("comment");
        let mut set = |name: &str, value: String| drop(event.attributes.insert(name.to_owned(), value));
        let schedule = match row.get("type") {
            "RECURRING" => format!(
                "every {} {}",
                row.get("interval_value").replace('\'', ""),
                row.get("interval_field").to_ascii_lowercase()
            ),
            _ => "once".to_owned(),
        };
        set("schedule", schedule);
        set("definition", body(row.get("body")));
        match row.get("status") {
            "DISABLED" => set("status", "disabled".to_owned()),
            "SLAVESIDE_DISABLED" | "REPLICA_SIDE_DISABLED" => set("status", "replica".to_owned()),
            _ => {}
        }
        if row.get("on_completion") == "PRESERVE" {
            set("on completion", "preserve".to_owned());
        }
        catalog.others.insert(Key::top(Kind::Event, &Name::new("", row.get("name"))), event);
    }
    Ok(())
}

fn views(record: &Value, context: &Context, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "views") {
        // Names of the database itself are not qualified.
        let text = row.get("definition").replace(&format!("`{}`.", context.database), "");
        let tokens = Lexer::new(&text, context.server).all();
        let mut view = View { comparable: true, ..View::default() };
        view.query = Expression { text: text.clone(), normal: normal_query(&tokens) };
        match row.get("check_option") {
            "NONE" | "" => {}
            option => drop(view.options.insert("check option".to_owned(), option.to_ascii_lowercase())),
        }
        if row.get("security") == "INVOKER" {
            view.options.insert("security".to_owned(), "invoker".to_owned());
        }
        catalog.views.insert(Name::new("", row.get("name")), view);
    }
    for row in rows(record, "views_mariadb_optional") {
        if let Some(view) = catalog.views.get_mut(&Name::new("", row.get("name")))
            && !matches!(row.get("algorithm"), "UNDEFINED" | "")
        {
            view.options.insert("algorithm".to_owned(), row.get("algorithm").to_ascii_lowercase());
        }
    }
    for row in rows(record, "columns") {
        if let Some(view) = catalog.views.get_mut(&Name::new("", row.get("table_name"))) {
            let kind = type_of_text(row.get("column_type"), context.server)?;
            view.columns.push((row.get("name").to_owned(), kind.data_type));
        }
    }
    for view in catalog.views.values_mut() {
        let tokens = Lexer::new(&view.query.text, context.server).all();
        let columns: Vec<String> = view.columns.iter().map(|(name, _)| name.clone()).collect();
        if let Some(normal) = simple_form(&tokens, &view.query.text, &columns, &[]) {
            view.query.normal = normal;
        }
    }
    Ok(())
}

fn routines(record: &Value, context: &Context, catalog: &mut Catalog) -> Result<(), String> {
    for row in rows(record, "routines") {
        let procedure = row.get("type") == "PROCEDURE";
        let text = row.get("body").to_owned();
        let mut routine = Routine {
            language: "sql".to_owned(),
            body: Expression { normal: body(&text), text },
            ..Routine::default()
        };
        routine.kind = if procedure { RoutineKind::Procedure } else { RoutineKind::Function };
        routine.meta.comment = row.filled("comment");
        if !procedure {
            routine.returns = type_of_text(row.get("returns"), context.server)?.data_type.to_string();
        }
        let mut set = |name: &str, value: &str| drop(routine.options.insert(name.to_owned(), value.to_owned()));
        if row.yes("is_deterministic") {
            set("deterministic", "yes");
        }
        if row.get("security") == "INVOKER" {
            set("security", "invoker");
        }
        match row.get("data_access") {
            "CONTAINS SQL" | "" => {}
            access => set("sql data access", &access.to_ascii_lowercase()),
        }
        let mut arguments = Vec::new();
        for parameter in rows(record, "parameters") {
            let own = parameter.get("routine") == row.get("name") && parameter.get("type") == row.get("type");
            if !own || parameter.number("position") == Some(0) {
                continue;
            }
            let data_type = type_of_text(parameter.get("data_type"), context.server)?.data_type;
            let mode = parameter.maybe("mode").filter(|mode| !mode.is_empty() && *mode != "IN");
            arguments.push(argument(mode, parameter.get("name"), &data_type));
            routine.signature.push(data_type);
        }
        routine.arguments = arguments.join(", ");
        let kind = if procedure { "procedure" } else { "" };
        catalog.routines.insert((Name::new("", row.get("name")), kind.to_owned()), routine);
    }
    Ok(())
}
