//! Columns as `CREATE TABLE` and `ADD COLUMN` define them.
use super::expr;
use super::parse::{self, Look};
use super::resolve;
use super::run::Refusal;
use super::sequence::{Given, given};
use super::state::State;
use super::written::{self, Demand, Written};
use crate::engines::schema::catalog::{Column, DataType, Expression, Generated, Identity, Key, Kind, Name};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

/// A column as it is defined: what goes into the table, and what follows from it.
#[derive(Debug, Clone, Default)]
pub(super) struct Defined {
    /// The column.
    pub(super) column: Column,
    /// The type of its sequence, when it is a serial column.
    pub(super) serial: Option<DataType>,
    /// Options of its sequence, when it is an identity column.
    pub(super) identity: Option<Given>,
    /// Its constraints.
    pub(super) constraints: Vec<Written>,
    /// Text of its default.
    pub(super) default: Option<String>,
    /// Text of what it is computed from.
    pub(super) generated: Option<String>,
}

impl State {
    /// Reads the definition of a column. Expressions wait until all columns are known.
    pub(super) fn column(&mut self, node: &SyntaxNode, table: &Name) -> Result<Defined, Refusal> {
        let mut defined = Defined::default();
        let name = node.children().find_map(ast::ColumnName::cast).map(|one| parse::own_name(&one)).unwrap_or_default();
        defined.column.name = name.clone();
        if let Some(found) = node.children().find_map(ast::Type::cast) {
            let text = found.words();
            match resolve::serial(&text) {
                Some(kind) => {
                    defined.column.data_type = DataType::plain(kind);
                    defined.serial = Some(DataType::plain(kind));
                    let demand = Demand::NotNull(name.clone());
                    defined.constraints.push(Written { demand, ..Written::default() });
                }
                None => defined.column.data_type = self.resolve_type(&text)?,
            }
        }
        let mut last: Option<usize> = None;
        for clause in node.children() {
            if let Some(collate) = ast::Collate::cast(clause.clone()) {
                defined.column.collation = self.collation(&collate);
            } else if let Some(storage) = ast::Storage::cast(clause.clone()) {
                let mode = storage.one::<ast::StorageMode>().map(|one| one.words().to_lowercase()).unwrap_or_default();
                super::alter_column::set_storage(&mut defined.column, &mode);
            } else if let Some(method) = ast::CompressionMethod::cast(clause.clone()) {
                let name = method
                    .one::<ast::CompressionMethodName>()
                    .map(|one| one.words().to_lowercase())
                    .unwrap_or_default();
                if name != "default" {
                    defined.column.options.insert("compression".to_owned(), name);
                }
            } else if let Some(options) = ast::AlterOptionList::cast(clause.clone()) {
                super::table::foreign_options(&options, &mut defined.column.options);
            } else if let Some(constraint) = ast::ColumnConstraint::cast(clause.clone()) {
                self.column_constraint(&constraint, table, &mut defined, &mut last);
            } else if let Some(option) = ast::ConstraintOption::cast(clause.clone())
                && let Some(at) = last.and_then(|at| defined.constraints.get_mut(at))
            {
                written::set(at, &option);
            }
        }
        Ok(defined)
    }

    fn column_constraint(
        &mut self,
        constraint: &ast::ColumnConstraint,
        table: &Name,
        defined: &mut Defined,
        last: &mut Option<usize>,
    ) {
        let name = defined.column.name.clone();
        match constraint {
            ast::ColumnConstraint::DefaultConstraint(one) => {
                if let Some(value) = one.one::<ast::Expr>() {
                    self.now.flags.volatile_default |= expr::volatile(value.syntax());
                    defined.default = Some(expr::text_of(value.syntax(), ""));
                }
            }
            ast::ColumnConstraint::GeneratedConstraint(one) => self.generated(one, &table.name, defined),
            ast::ColumnConstraint::NullConstraint(_) => {}
            other => {
                if let Some(written) = read_column_constraint(other, &table.name, &name) {
                    *last = Some(defined.constraints.len());
                    defined.constraints.push(written);
                }
            }
        }
    }

    fn generated(&mut self, node: &ast::GeneratedConstraint, table: &str, defined: &mut Defined) {
        if let Some(identity) = node.deep::<ast::GeneratedIdentity>() {
            let always = identity
                .one::<ast::GeneratedWhen>()
                .is_some_and(|one| matches!(one, ast::GeneratedWhen::GeneratedAlways(_)));
            let options = identity
                .one::<ast::SequenceOptionList>()
                .map(|one| one.all::<ast::SequenceOption>())
                .unwrap_or_default();
            defined.identity = Some(given(options));
            defined.column.identity = Some(Identity { always, ..Identity::default() });
            let demand = Demand::NotNull(defined.column.name.clone());
            defined.constraints.push(Written { demand, ..Written::default() });
        } else if let Some(stored) = node.deep::<ast::GeneratedStored>()
            && let Some(from) = stored.one::<ast::Expr>()
        {
            // Without a word it is virtual from PostgreSQL 18 on; before, the word is needed.
            let kept =
                stored.one::<ast::GeneratedKind>().is_some_and(|one| matches!(one, ast::GeneratedKind::Stored(_)));
            defined.generated = Some(expr::text_of(from.syntax(), table));
            defined.column.generated = Some(Generated { stored: kept, ..Generated::default() });
        }
    }

    /// Gives a column its default and what it is computed from, now that all columns are known.
    pub(super) fn finish_column(&self, column: &mut Column, defined: &Defined) {
        if let Some(text) = &defined.default {
            column.default = self.default_of(text, &column.data_type);
        }
        if let (Some(text), Some(generated)) = (&defined.generated, &mut column.generated) {
            generated.expression = Expression::plain(text);
        }
    }

    /// A default; `NULL` is none, unless it hides that of a domain.
    pub(super) fn default_of(&self, text: &str, data_type: &DataType) -> Option<Expression> {
        let domain = State::user_type(data_type).is_some_and(|name| {
            self.catalog
                .types
                .get(&name)
                .is_some_and(|one| matches!(one.kind, crate::engines::schema::catalog::UserTypeKind::Domain { .. }))
        });
        let bare = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
        let null = bare.split("::").next().unwrap_or_default().trim().eq_ignore_ascii_case("null");
        if null && !domain && !bare.contains(' ') {
            return None;
        }
        let text = self.qualified_sequence(text);
        Some(Expression::plain(text.clone()))
    }

    /// `nextval('name')` is bound to the sequence that is found: its full name is kept.
    fn qualified_sequence(&self, text: &str) -> String {
        let Some(written) = super::rewrite::sequence_name(text) else { return text.to_owned() };
        let (schema, name) = super::rewrite::split_name(&written);
        let found = self.find(schema.as_deref(), &name, |catalog, name| catalog.sequences.contains_key(name));
        match found {
            Some(found) => super::rewrite::with_sequence(text, &found),
            None => text.to_owned(),
        }
    }

    /// Makes the sequence of a serial or identity column that is about to be made.
    pub(super) fn column_sequence(&mut self, table: &Name, defined: &mut Defined, unlogged: bool) {
        let column = defined.column.name.clone();
        if let Some(kind) = defined.serial.clone() {
            let name = self.relation_name(&table.schema, &table.name, Some(&column), "seq", false);
            let name = Name::new(&*table.schema, name);
            self.new_sequence(&name, kind, std::collections::BTreeMap::new(), Some((table.clone(), column)), unlogged);
            defined.default = Some(next_value(&name));
            self.now.flags.volatile_default = true;
        } else if let Some(given) = defined.identity.clone() {
            self.make_identity_sequence(table, &mut defined.column, &given);
        }
    }

    /// Makes the sequence of an identity column: only its name and options are kept.
    pub(super) fn make_identity_sequence(&mut self, table: &Name, column: &mut Column, given: &Given) {
        let kind = given.data_type.as_deref().and_then(|text| self.resolve_type(text).ok());
        let kind = kind.unwrap_or_else(|| column.data_type.clone());
        if let Some(identity) = &mut column.identity {
            identity.options = given.fresh(&kind);
            if kind != column.data_type {
                identity.options.insert("type".to_owned(), kind.to_string());
            }
        }
        let name = match &given.name {
            Some((schema, name)) => Name::new(schema.clone().unwrap_or_else(|| table.schema.clone()), &**name),
            None => Name::new(
                &*table.schema,
                self.relation_name(&table.schema, &table.name, Some(&column.name), "seq", false),
            ),
        };
        self.identities.insert(name, (table.clone(), column.name.clone()));
    }

    /// Identity and place of a new column.
    pub(super) fn new_column_meta(&mut self, table: &Name, column: &mut Column) {
        column.meta = self.create(&Key::part(Kind::Column, table, &*column.name));
    }
}

/// The default of a serial column.
pub(super) fn next_value(name: &Name) -> String {
    let written = format!("{}.{}", expr::quote(&name.schema), expr::quote(&name.name));
    format!("nextval('{}'::regclass)", written.replace('\'', "''"))
}

fn read_column_constraint(constraint: &ast::ColumnConstraint, table: &str, column: &str) -> Option<Written> {
    use ast::ColumnConstraint as Of;
    match constraint {
        Of::CheckConstraint(one) => written::read(one, table, Some(column)),
        Of::ExcludeConstraint(one) => written::read(one, table, Some(column)),
        Of::NotNullConstraint(one) => written::read(one, table, Some(column)),
        Of::PrimaryKeyConstraint(one) => written::read(one, table, Some(column)),
        Of::ReferencesConstraint(one) => written::read(one, table, Some(column)),
        Of::UniqueConstraint(one) => written::read(one, table, Some(column)),
        Of::DefaultConstraint(_) | Of::GeneratedConstraint(_) | Of::NullConstraint(_) => None,
    }
}
