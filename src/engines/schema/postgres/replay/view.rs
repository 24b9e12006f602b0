//! Views and materialised views; tables made from a query.
use super::dependents::Holder;
use super::query::{Analysis, Uses};
use super::routine::definition;
use super::run::{Done, Refusal};
use super::state::State;
use super::words::{Words, unquoted};
use crate::engines::schema::What;
use crate::engines::schema::catalog::{Column, DataType, Expression, Key, Kind, Meta, Name, Table, Touches, View};
use crate::engines::schema::postgres::normal;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;

impl State {
    /// `CREATE VIEW`, `CREATE MATERIALIZED VIEW`.
    pub(super) fn create_view(&mut self, node: &SyntaxNode) -> Done {
        let materialized = ast::CreateMaterializedView::can_cast(node.kind());
        let mut words = Words::of(node);
        words.eat("CREATE");
        let replace = words.eat("OR REPLACE");
        let temporary = words.eat_any(&["TEMP", "TEMPORARY"]).is_some();
        let recursive = words.eat("RECURSIVE");
        words.eat("MATERIALIZED");
        words.eat("VIEW");
        let conditional = words.eat("IF NOT EXISTS");
        self.now.flags.conditional |= conditional;
        let Some((schema, name)) = words.qualified() else { return State::not_understood() };
        if temporary || schema.as_deref() == Some("pg_temp") {
            self.temporary.insert(name);
            return Ok(());
        }
        let name = self.new_name(schema.as_deref(), &name);
        let Some(query) = node.children().find_map(ast::SelectVariant::cast) else { return State::not_understood() };
        let mut text = query.syntax().text().to_string().trim().to_owned();
        let mut analysis = self.analyse(query.syntax());
        if !recursive {
            self.missing(&analysis.uses)?;
        }
        let names = node
            .children()
            .find_map(ast::ColumnList::cast)
            .map(|list| list.column_names().map(|one| ast::normalize_name_node(one.syntax())).collect::<Vec<_>>());
        for (column, name) in analysis.columns.iter_mut().zip(names.iter().flatten()) {
            column.name.clone_from(name);
        }
        if recursive {
            text = recursive_text(&name, &names.unwrap_or_default(), &text);
            analysis = self.analyse_text(&text);
            self.missing(&analysis.uses)?;
        }
        let view = View {
            materialized,
            columns: columns_of(&analysis),
            query: normal::query(&text),
            options: self.view_options(node, &mut words),
            ..View::default()
        };
        self.put_view(name, view, analysis.uses, replace, conditional)?;
        Ok(())
    }

    fn view_options(&self, node: &SyntaxNode, words: &mut Words) -> BTreeMap<String, String> {
        let mut options = BTreeMap::new();
        if let Some(params) = node.children().find_map(ast::WithParams::cast) {
            let mut inner = Words::of(params.syntax());
            inner.eat("WITH");
            options = view_settings(&inner.parens().unwrap_or_default());
        }
        words.until(&["WITH CHECK", "WITH CASCADED CHECK", "WITH LOCAL CHECK"]);
        if words.eat("WITH LOCAL") {
            options.insert("check option".to_owned(), "local".to_owned());
        } else if words.eat("WITH") {
            options.insert("check option".to_owned(), "cascaded".to_owned());
        }
        options
    }

    /// Refuses a query that names a relation that is not there.
    fn missing(&self, uses: &Uses) -> Done {
        for name in &uses.missing {
            let (schema, bare) = name.split_once('.').unwrap_or(("", name));
            let system = matches!(schema, "pg_catalog" | "information_schema" | "pg_temp")
                || (schema.is_empty() && (bare.starts_with("pg_") || self.temporary.contains(bare)))
                || matches!(bare, "spatial_ref_sys" | "geometry_columns" | "geography_columns")
                || self.catalog.extensions.values().any(|one| one.schema == schema && schema != "public");
            if !system {
                return Err(Refusal::new(
                    "undefined_table",
                    format!("relation \"{name}\" does not exist"),
                    Vec::<Key>::new(),
                ));
            }
        }
        Ok(())
    }

    /// Says which columns of a view or table cannot be known.
    fn doubtful(&mut self, key: &Key, kind: Kind, name: &Name, columns: &[(String, DataType)], uses: &Uses) {
        let stars = !uses.missing.is_empty() && !uses.stars.is_empty();
        if stars || columns.is_empty() {
            return self.unmodelled("its columns cannot be known", Touches::Objects(vec![key.clone()]));
        }
        for (column, data_type) in columns.iter().filter(|(_, data_type)| data_type.name == "?") {
            let _ = data_type;
            let key = Key::part(kind, name, column);
            self.unmodelled(format!("the type of column {column} cannot be known"), Touches::Objects(vec![key]));
        }
    }

    fn put_view(&mut self, name: Name, mut view: View, uses: Uses, replace: bool, conditional: bool) -> Done {
        let kind = if view.materialized { Kind::MaterializedView } else { Kind::View };
        let key = Key::top(kind, &name);
        self.touch_view(&name);
        twice(&view.columns)?;
        match self.catalog.views.get(&name) {
            Some(before) if replace && before.materialized == view.materialized => {
                view.meta = before.meta.clone();
                view.indexes.clone_from(&before.indexes);
                view.triggers.clone_from(&before.triggers);
            }
            Some(_) if conditional => {
                self.now.flags.skipped = true;
                return Ok(());
            }
            Some(_) => return State::fails("a view of this name exists already"),
            None if self.catalog.tables.contains_key(&name) => {
                return State::fails("a table of this name exists already");
            }
            None => view.meta = self.create(&key),
        }
        self.doubtful(&key, Kind::ViewColumn, &name, &view.columns, &uses);
        self.depend(Holder::View(name.clone()), &view.query.text, uses);
        self.catalog.views.insert(name, view);
        Ok(())
    }

    /// `ALTER VIEW`, `ALTER MATERIALIZED VIEW`; also `ALTER TABLE` on one.
    pub(super) fn alter_view(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("ALTER");
        words.eat_any(&["MATERIALIZED VIEW", "VIEW", "TABLE"]);
        let conditional = words.eat("IF EXISTS");
        self.now.flags.conditional |= conditional;
        words.eat("ONLY");
        let Some((schema, name)) = words.qualified() else { return State::not_understood() };
        let Some(name) = self.find(schema.as_deref(), &name, |catalog, name| catalog.views.contains_key(name)) else {
            self.now.flags.skipped |= conditional;
            if !conditional {
                return State::lost("the view that it names is not known");
            }
            return Ok(());
        };
        if words.eat("RENAME TO") {
            let after = words.name().map(|after| Name::new(&name.schema, after));
            after.into_iter().for_each(|after| self.move_view(&name, after));
        } else if words.eat("SET SCHEMA") {
            let after = words.name().map(|schema| Name::new(schema, &name.name));
            after.into_iter().for_each(|after| self.move_view(&name, after));
        } else if words.eat("RENAME COLUMN") || words.eat("RENAME") {
            let before = words.name();
            words.eat("TO");
            if let (Some(before), Some(after)) = (before, words.name()) {
                self.rename_view_column(&name, &before, &after);
            }
        } else if words.eat("SET (") || words.eat("RESET (") {
            words.back(words.here() - 2);
            let reset = words.next().is_some_and(|word| word.eq_ignore_ascii_case("reset"));
            let options = view_settings(&words.parens().unwrap_or_default());
            self.set_view_options(&name, &options, reset);
        } else if words
            .eat_any(&["OWNER TO", "CLUSTER ON", "SET WITHOUT CLUSTER", "DEPENDS ON", "NO DEPENDS"])
            .is_none()
        {
            self.alter_view_further(&name, &mut words)?;
        }
        Ok(())
    }

    /// Defaults of view columns and everything else that an ALTER of a view can say.
    fn alter_view_further(&mut self, name: &Name, words: &mut Words) -> Done {
        let key = self.view_key(name);
        if words.is("ALTER") || words.is("SET") {
            return Err(Refusal::unmodelled(
                "options of columns of a view are not modelled",
                Touches::Objects(key.into_iter().collect()),
            ));
        }
        if self.trigger_switch(name, words) {
            return Ok(());
        }
        Err(Refusal::unmodelled("this change of a view is not modelled", Touches::Objects(key.into_iter().collect())))
    }

    fn set_view_options(&mut self, name: &Name, options: &BTreeMap<String, String>, reset: bool) {
        self.touch_view(name);
        let Some(view) = self.catalog.views.get_mut(name) else { return };
        for (option, value) in options {
            match reset {
                true => view.options.remove(option),
                false => view.options.insert(option.clone(), value.clone()),
            };
        }
    }

    /// The key of a view.
    pub(super) fn view_key(&self, name: &Name) -> Option<Key> {
        let view = self.catalog.views.get(name)?;
        Some(Key::top(if view.materialized { Kind::MaterializedView } else { Kind::View }, name))
    }

    fn move_view(&mut self, before: &Name, after: Name) {
        self.touch_view(before);
        self.touch_view(&after);
        let Some(view) = self.catalog.views.remove(before) else { return };
        self.catalog.views.insert(after.clone(), view);
        self.relation_renamed(before, &after);
    }

    fn rename_view_column(&mut self, name: &Name, before: &str, after: &str) {
        self.touch_view(name);
        let Some(view) = self.catalog.views.get_mut(name) else { return };
        let Some(column) = view.columns.iter_mut().find(|(column, _)| column == before) else { return };
        column.0 = after.to_owned();
        for index in &mut view.indexes {
            for key in index.keys.iter_mut().filter(|key| key.column && key.expression.text == before) {
                key.expression = Expression::plain(after);
            }
        }
        let id = view.meta.id;
        self.remark_moved(name, before, after);
        let key = Key::part(Kind::ViewColumn, name, after);
        // Columns of views have no identity of their own: nobody else tells.
        self.act(key, id, What::Renamed(Key::part(Kind::ViewColumn, name, before)));
        self.column_renamed(name, before, after);
    }

    /// `DROP VIEW`, `DROP MATERIALIZED VIEW`.
    pub(super) fn drop_view(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("DROP");
        words.eat_any(&["MATERIALIZED VIEW", "VIEW"]);
        let conditional = words.eat("IF EXISTS");
        self.now.flags.conditional |= conditional;
        while let Some((schema, name)) = words.qualified() {
            match self.find(schema.as_deref(), &name, |catalog, name| catalog.views.contains_key(name)) {
                Some(name) => self.remove_view(&name),
                None if self.temporary.remove(&name) => {}
                None if conditional => self.now.flags.skipped = true,
                None => return State::lost("the view that it names is not known"),
            }
            if !words.eat(",") {
                break;
            }
        }
        self.now.flags.cascade |= words.eat("CASCADE");
        Ok(())
    }

    /// Takes a view away, and what needs it.
    pub(super) fn remove_view(&mut self, name: &Name) {
        self.touch_view(name);
        if self.catalog.views.remove(name).is_none() {
            return;
        }
        self.undepend(&Holder::View(name.clone()));
        // Views over views over views: as many levels as there are views.
        stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.relation_dropped(name));
    }

    /// `CREATE TABLE … AS`, `SELECT … INTO`.
    pub(super) fn create_table_as(&mut self, node: &SyntaxNode) -> Done {
        let Some((schema, name, temporary, unlogged, conditional)) = table_head(node) else {
            return State::not_understood();
        };
        self.now.flags.conditional |= conditional;
        if temporary || schema.as_deref() == Some("pg_temp") {
            self.temporary.insert(name);
            return Ok(());
        }
        let name = self.new_name(schema.as_deref(), &name);
        if self.catalog.tables.contains_key(&name) || self.catalog.views.contains_key(&name) {
            self.now.flags.skipped |= conditional;
            return if conditional { Ok(()) } else { State::fails("a relation of this name exists already") };
        }
        let query = match ast::SelectInto::can_cast(node.kind()) {
            true => Some(node.clone()),
            false => node.children().find_map(ast::SelectVariant::cast).map(|query| query.syntax().clone()),
        };
        let Some(query) = query else {
            return Err(Refusal::unmodelled(
                "the columns come from a prepared statement",
                Touches::Objects(vec![State::table_key(&name)]),
            ));
        };
        let mut analysis = self.analyse(&query);
        self.missing(&analysis.uses)?;
        if let Some(list) = node.children().find_map(ast::TableArgList::cast) {
            let names: Vec<String> = super::routine::idents(list.syntax());
            for (column, name) in analysis.columns.iter_mut().zip(names) {
                column.name = name;
            }
        }
        self.touch_table(&name);
        let columns = columns_of(&analysis);
        twice(&columns)?;
        self.doubtful(&State::table_key(&name), Kind::Column, &name, &columns, &analysis.uses);
        let mut table = Table { meta: self.create(&State::table_key(&name)), unlogged, ..Table::default() };
        for (column, data_type) in columns {
            let meta: Meta = self.create(&Key::part(Kind::Column, &name, &column));
            table.columns.push(Column { meta, name: column, data_type, ..Column::default() });
        }
        self.now.tables.extend(analysis.uses.relations.iter().map(|(_, name)| State::table_key(name)));
        self.catalog.tables.insert(name, table);
        Ok(())
    }
}

/// Schema, name, temporary, unlogged, `IF NOT EXISTS` of a table made from a query.
fn table_head(node: &SyntaxNode) -> Option<(Option<String>, String, bool, bool, bool)> {
    let mut words = match node.children().find_map(ast::IntoClause::cast) {
        Some(clause) => Words::of(clause.syntax()),
        None => Words::of(node),
    };
    words.eat_any(&["CREATE", "INTO"]);
    words.eat_any(&["LOCAL", "GLOBAL"]);
    let temporary = words.eat_any(&["TEMPORARY", "TEMP"]).is_some();
    let unlogged = words.eat("UNLOGGED");
    words.eat("TABLE");
    let conditional = words.eat("IF NOT EXISTS");
    let (schema, name) = words.qualified()?;
    Some((schema, name, temporary, unlogged, conditional))
}

/// `CREATE RECURSIVE VIEW v(a) AS q` is `CREATE VIEW v AS WITH RECURSIVE v(a) AS (q) SELECT a FROM v`.
fn recursive_text(name: &Name, names: &[String], text: &str) -> String {
    let list = names.iter().map(|one| super::words::quoted(one)).collect::<Vec<_>>().join(", ");
    let own = super::words::quoted(&name.name);
    format!("WITH RECURSIVE {own}({list}) AS ({text}) SELECT {list} FROM {own}")
}

fn columns_of(analysis: &Analysis) -> Vec<(String, DataType)> {
    analysis.columns.iter().map(|one| (one.name.clone(), one.data_type.clone())).collect()
}

/// Refuses columns of which two have one name.
fn twice(columns: &[(String, DataType)]) -> Done {
    let mut seen = std::collections::BTreeSet::new();
    match columns.iter().find(|(name, _)| !seen.insert(name)) {
        Some((name, _)) => Err(Refusal::new(
            "duplicate_column",
            format!("column \"{name}\" specified more than once"),
            Vec::<Key>::new(),
        )),
        None => Ok(()),
    }
}

/// Options of a view; `check_option` goes by its name in DDL.
fn view_settings(text: &str) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    for (name, value) in definition(text) {
        let value = unquoted(&value).unwrap_or(value).to_lowercase();
        match name.as_str() {
            "check_option" => options.insert("check option".to_owned(), value),
            _ => match value.as_str() {
                "yes" | "on" | "1" | "true" => options.insert(name, "true".to_owned()),
                _ => options.insert(name, value),
            },
        };
    }
    options
}
