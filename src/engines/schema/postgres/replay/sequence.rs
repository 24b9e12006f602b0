//! Sequences: those of their own, those of serial columns, and those within identity columns.
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{DataType, Key, Kind, Name, Sequence};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;

/// Options of a sequence as a statement gives them.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    /// `AS type`.
    pub(super) data_type: Option<String>,
    pub(super) start: Option<i128>,
    pub(super) increment: Option<i128>,
    /// `None` within: `NO MINVALUE`.
    pub(super) min: Option<Option<i128>>,
    pub(super) max: Option<Option<i128>>,
    pub(super) cache: Option<i128>,
    pub(super) cycle: Option<bool>,
    /// `OWNED BY`; `None` within: by none.
    pub(super) owned: Option<Option<Vec<String>>>,
    /// `SEQUENCE NAME`.
    pub(super) name: Option<(Option<String>, String)>,
    pub(super) unlogged: bool,
}

/// All figures of a sequence.
struct Figures {
    start: i128,
    increment: i128,
    min: i128,
    max: i128,
    cache: i128,
    cycle: bool,
}

/// The lowest and highest value of a type.
fn bounds(data_type: &DataType) -> (i128, i128) {
    match data_type.name.as_str() {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    }
}

/// The least and the greatest value when none is given.
fn usual(data_type: &DataType, up: bool) -> (i128, i128) {
    let (low, high) = bounds(data_type);
    if up { (1, high) } else { (low, -1) }
}

/// All figures out of those that are not the default.
fn figures(data_type: &DataType, options: &BTreeMap<String, String>) -> Figures {
    let number = |word: &str| options.get(word).and_then(|value| value.parse::<i128>().ok());
    let increment = number("increment").unwrap_or(1);
    let (least, most) = usual(data_type, increment > 0);
    let (min, max) = (number("minvalue").unwrap_or(least), number("maxvalue").unwrap_or(most));
    let first = if increment > 0 { min } else { max };
    Figures {
        start: number("start").unwrap_or(first),
        increment,
        min,
        max,
        cache: number("cache").unwrap_or(1),
        cycle: options.contains_key("cycle"),
    }
}

/// The figures that are not the default.
fn options(data_type: &DataType, figures: &Figures) -> BTreeMap<String, String> {
    let up = figures.increment > 0;
    let (least, most) = usual(data_type, up);
    let all = [
        ("increment", figures.increment, 1),
        ("minvalue", figures.min, least),
        ("maxvalue", figures.max, most),
        ("start", figures.start, if up { figures.min } else { figures.max }),
        ("cache", figures.cache, 1),
    ];
    let mut options: BTreeMap<String, String> = all
        .into_iter()
        .filter(|(_, value, default)| value != default)
        .map(|(word, value, _)| (word.to_owned(), value.to_string()))
        .collect();
    if figures.cycle {
        options.insert("cycle".to_owned(), "yes".to_owned());
    }
    options
}

/// The number that stands in an option.
fn number(node: &impl AstNode) -> Option<i128> {
    let text: String = node.words().chars().filter(|one| one.is_ascii_digit() || *one == '-').collect();
    text.parse().ok()
}

/// Reads the options of a sequence.
pub(super) fn given(all: impl IntoIterator<Item = ast::SequenceOption>) -> Given {
    use ast::SequenceOption as Of;
    let mut given = Given::default();
    for option in all {
        match option {
            Of::OptionAsType(one) => given.data_type = one.one::<ast::Type>().map(|one| one.words()),
            Of::OptionCache(one) => given.cache = number(&one),
            Of::OptionIncrement(one) => given.increment = number(&one),
            Of::OptionStart(one) => given.start = number(&one),
            Of::OptionMaxValue(one) => given.max = Some(number(&one)),
            Of::OptionMinValue(one) => given.min = Some(number(&one)),
            Of::OptionNoMaxValue(_) => given.max = Some(None),
            Of::OptionNoMinValue(_) => given.min = Some(None),
            Of::OptionCycle(_) => given.cycle = Some(true),
            Of::OptionNoCycle(_) => given.cycle = Some(false),
            Of::OptionUnlogged(_) => given.unlogged = true,
            Of::OptionSequenceName(one) => given.name = parse::path(&one),
            Of::OptionOwnedBy(one) => {
                given.owned = Some(one.deep::<ast::PathRef>().map(|path| parse::parts(path.syntax())));
            }
            Of::OptionRestart(_) | Of::OptionLogged(_) => {}
        }
    }
    given
}

/// The options that `LIKE` gives the sequence of an identity column: all figures of the other one, but not its type.
pub(super) fn copied(column: &DataType, old: &BTreeMap<String, String>) -> Given {
    let data_type = old.get("type").map_or_else(|| column.clone(), DataType::plain);
    let figures = figures(&data_type, old);
    Given {
        data_type: Some("bigint".to_owned()),
        start: Some(figures.start),
        increment: Some(figures.increment),
        min: Some(Some(figures.min)),
        max: Some(Some(figures.max)),
        cache: Some(figures.cache),
        cycle: Some(figures.cycle),
        ..Given::default()
    }
}

impl Given {
    /// The options that are not the default of a new sequence.
    pub(super) fn fresh(&self, data_type: &DataType) -> BTreeMap<String, String> {
        let increment = self.increment.unwrap_or(1);
        let (least, most) = usual(data_type, increment > 0);
        let min = self.min.flatten().unwrap_or(least);
        let max = self.max.flatten().unwrap_or(most);
        let first = if increment > 0 { min } else { max };
        let figures = Figures {
            start: self.start.unwrap_or(first),
            increment,
            min,
            max,
            cache: self.cache.unwrap_or(1),
            cycle: self.cycle.unwrap_or(false),
        };
        options(data_type, &figures)
    }

    /// The options after these were applied to a sequence.
    pub(super) fn applied(
        &self,
        before: &DataType,
        after: &DataType,
        old: &BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        let mut now = figures(before, old);
        // Bounds that are those of the old type become those of the new one.
        let ((low, high), (new_low, new_high)) = (bounds(before), bounds(after));
        let widen = before != after;
        if widen && now.max == high {
            now.max = new_high;
        }
        if widen && now.min == low {
            now.min = new_low;
        }
        now.increment = self.increment.unwrap_or(now.increment);
        let (least, most) = usual(after, now.increment > 0);
        if let Some(max) = self.max {
            now.max = max.unwrap_or(most);
        }
        if let Some(min) = self.min {
            now.min = min.unwrap_or(least);
        }
        now.start = self.start.unwrap_or(now.start);
        now.cache = self.cache.unwrap_or(now.cache);
        now.cycle = self.cycle.unwrap_or(now.cycle);
        options(after, &now)
    }
}

impl State {
    /// `CREATE SEQUENCE`.
    pub(super) fn create_sequence(&mut self, statement: &ast::CreateSequence) -> Done {
        let Some((schema, name)) = statement.one::<ast::Sequence>().and_then(|one| parse::path(&one)) else {
            return Err(Refusal::unmodelled(
                "a sequence without a name",
                crate::engines::schema::catalog::Touches::Nothing,
            ));
        };
        if self.is_temporary(statement.one(), schema.as_deref()) {
            self.temporary.insert(name);
            return Ok(());
        }
        let name = self.new_relation(schema.as_deref(), &name)?;
        if self.conditional(statement.is::<ast::IfNotExists>(), self.relation_exists(&name)) {
            return Ok(());
        }
        self.must_be_free(&name)?;
        let given = given(statement.all::<ast::SequenceOption>());
        let data_type = self.resolve_type(given.data_type.as_deref().unwrap_or("bigint"))?;
        let unlogged = given.unlogged
            || statement.one::<ast::Persistence>().is_some_and(|one| matches!(one, ast::Persistence::Unlogged(_)));
        self.new_sequence(&name, data_type.clone(), given.fresh(&data_type), None, unlogged);
        self.own_sequence(&name, &given)
    }

    /// Makes a sequence.
    pub(super) fn new_sequence(
        &mut self,
        name: &Name,
        data_type: DataType,
        options: BTreeMap<String, String>,
        owned_by: Option<(Name, String)>,
        unlogged: bool,
    ) {
        self.touch_sequence(name);
        let meta = self.create(&Key::top(Kind::Sequence, name));
        self.catalog.sequences.insert(name.clone(), Sequence { meta, data_type, options, owned_by, unlogged });
    }

    /// Applies `OWNED BY`.
    fn own_sequence(&mut self, name: &Name, given: &Given) -> Done {
        let owner = match &given.owned {
            None => return Ok(()),
            Some(None) => None,
            Some(Some(parts)) => {
                let mut parts = parts.clone();
                let column = parts.pop().unwrap_or_default();
                let table = parts.pop().unwrap_or_default();
                let table = self.must_find_table(parts.pop().as_deref(), &table)?;
                self.must_have_column(&table, &column)?;
                Some((table, column))
            }
        };
        if let Some(sequence) = self.catalog.sequences.get_mut(name) {
            sequence.owned_by = owner;
        }
        Ok(())
    }

    /// `ALTER SEQUENCE`.
    pub(super) fn alter_sequence(&mut self, statement: &ast::AlterSequence) -> Done {
        let Some((schema, name)) = statement.one::<ast::SequenceRef>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        if schema.is_none() && self.temporary.contains(&name) {
            return Ok(());
        }
        let actions: Vec<ast::AlterSequenceAction> = statement.all();
        if let Some((table, column)) = self.identity_of(schema.as_deref(), &name) {
            return self.alter_identity_sequence(&table, &column, schema.as_deref(), &name, &actions);
        }
        let Some(found) = self.find(schema.as_deref(), &name, |catalog, name| catalog.sequences.contains_key(name))
        else {
            if self.conditional(statement.is::<ast::IfExists>(), true) {
                return Ok(());
            }
            return Err(Refusal::new("undefined_table", format!("relation \"{name}\" does not exist"), []));
        };
        self.touch_sequence(&found);
        let mut options = Vec::new();
        for action in actions {
            match action {
                ast::AlterSequenceAction::SequenceOption(option) => options.push(option),
                ast::AlterSequenceAction::OwnerTo(_) => {}
                ast::AlterSequenceAction::SetLogged(_) | ast::AlterSequenceAction::SetUnlogged(_) => {
                    let unlogged = matches!(action, ast::AlterSequenceAction::SetUnlogged(_));
                    self.catalog.sequences.entry(found.clone()).and_modify(|one| one.unlogged = unlogged);
                }
                ast::AlterSequenceAction::SequenceRenameTo(to) => {
                    let to = parse::name(&to).unwrap_or_default();
                    return self.rename_relation(&found, &Name::new(&*found.schema, to));
                }
                ast::AlterSequenceAction::SetSchema(to) => {
                    let to = self.must_find_schema(
                        &to.one::<ast::SchemaRef>().map(|one| parse::own_name(&one)).unwrap_or_default(),
                    )?;
                    return self.rename_relation(&found, &Name::new(to, &*found.name));
                }
            }
        }
        let given = given(options);
        let data_type = given.data_type.as_deref().map(|text| self.resolve_type(text)).transpose()?;
        if let Some(sequence) = self.catalog.sequences.get_mut(&found) {
            let after = data_type.unwrap_or_else(|| sequence.data_type.clone());
            sequence.options = given.applied(&sequence.data_type, &after, &sequence.options);
            sequence.data_type = after;
        }
        self.own_sequence(&found, &given)
    }

    /// The identity column whose sequence has this name.
    pub(super) fn identity_of(&self, schema: Option<&str>, name: &str) -> Option<(Name, String)> {
        let schemas: Vec<&str> = match schema {
            Some(schema) => vec![schema],
            None => self.path.iter().map(String::as_str).collect(),
        };
        schemas.into_iter().find_map(|schema| self.identities.get(&Name::new(schema, name))).cloned()
    }

    fn alter_identity_sequence(
        &mut self,
        table: &Name,
        column: &str,
        schema: Option<&str>,
        name: &str,
        actions: &[ast::AlterSequenceAction],
    ) -> Done {
        self.touch_table(table);
        let options = actions.iter().filter_map(|action| match action {
            ast::AlterSequenceAction::SequenceOption(option) => Some(option.clone()),
            _ => None,
        });
        self.change_identity(table, column, &given(options));
        for action in actions {
            if let ast::AlterSequenceAction::SequenceRenameTo(to) = action {
                let to = parse::name(to).unwrap_or_default();
                let old = self
                    .identities
                    .keys()
                    .find(|one| one.name == name && schema.is_none_or(|schema| schema == one.schema))
                    .cloned();
                if let Some((old, value)) = old.and_then(|old| self.identities.remove_entry(&old)) {
                    self.identities.insert(Name::new(old.schema, to), value);
                }
            }
        }
        Ok(())
    }

    /// Changes the options of an identity column's sequence.
    pub(super) fn change_identity(&mut self, table: &Name, column: &str, given: &Given) {
        let after = given.data_type.as_deref().and_then(|text| self.resolve_type(text).ok());
        let Some(column) = self.catalog.tables.get_mut(table).and_then(|table| table.column_mut(column)) else {
            return;
        };
        let kind = column.data_type.clone();
        let Some(identity) = &mut column.identity else { return };
        let mut options = identity.options.clone();
        let before = options.remove("type").map_or_else(|| kind.clone(), DataType::plain);
        let after = after.unwrap_or_else(|| before.clone());
        identity.options = given.applied(&before, &after, &options);
        if after != kind {
            identity.options.insert("type".to_owned(), after.to_string());
        }
    }

    /// `DROP SEQUENCE`.
    pub(super) fn drop_sequences(&mut self, statement: &ast::DropSequence) -> Done {
        let cascade = self.cascade(statement);
        for one in statement.all::<ast::SequenceRef>() {
            let Some((schema, name)) = parse::path(&one) else { continue };
            if schema.is_none() && self.temporary.remove(&name) {
                continue;
            }
            let Some(found) = self.find(schema.as_deref(), &name, |catalog, name| catalog.sequences.contains_key(name))
            else {
                if self.conditional(statement.is::<ast::IfExists>(), true) {
                    continue;
                }
                return Err(Refusal::new("undefined_table", format!("sequence \"{name}\" does not exist"), []));
            };
            let users = self.sequence_users(&found);
            if !users.is_empty() && !cascade {
                let reason = format!("cannot drop sequence {} because other objects depend on it", found.name);
                return Err(Refusal::new("dependent_objects_still_exist", reason, [Key::top(Kind::Sequence, &found)]));
            }
            for (table, column) in users {
                self.touch_table(&table);
                if let Some(column) = self.catalog.tables.get_mut(&table).and_then(|table| table.column_mut(&column)) {
                    column.default = None;
                }
            }
            self.drop_sequence(&found);
        }
        Ok(())
    }

    /// Removes a sequence.
    pub(super) fn drop_sequence(&mut self, name: &Name) {
        self.touch_sequence(name);
        self.catalog.sequences.remove(name);
        self.relation_dropped(name);
    }

    /// Columns whose default takes its values from a sequence.
    fn sequence_users(&self, name: &Name) -> Vec<(Name, String)> {
        let mut users = Vec::new();
        for (table, one) in &self.catalog.tables {
            for column in &one.columns {
                if column.default.as_ref().is_some_and(|default| self.names_sequence(&default.text, name)) {
                    users.push((table.clone(), column.name.clone()));
                }
            }
        }
        users
    }

    /// Whether an expression takes the next value of this sequence. Text that is no constant of the type `regclass` is not bound to one.
    pub(super) fn names_sequence(&self, text: &str, name: &Name) -> bool {
        super::rewrite::sequence_name(text).is_some_and(|written| {
            let (schema, bare) = super::rewrite::split_name(&written);
            bare == name.name && schema.is_none_or(|schema| schema == name.schema)
        })
    }

    /// Whether a statement makes something that ends with the session.
    pub(super) fn is_temporary(&self, persistence: Option<ast::Persistence>, schema: Option<&str>) -> bool {
        persistence.is_some_and(|one| matches!(one, ast::Persistence::Temp(_))) || matches!(schema, Some("pg_temp"))
    }

    /// Whether `CASCADE` is written; it is noted.
    pub(super) fn cascade(&mut self, statement: &impl AstNode) -> bool {
        let cascade =
            statement.one::<ast::DropBehavior>().is_some_and(|one| matches!(one, ast::DropBehavior::Cascade(_)))
                || statement.has(SyntaxKind::CASCADE_KW);
        self.now.flags.cascade |= cascade;
        cascade
    }
}
