//! Constraints as a statement writes them, before the server gives them names.
use super::expr;
use super::index;
use super::parse::{self, Look};
use crate::engines::schema::catalog::{Action, IndexKey};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;

/// A constraint as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// `CONSTRAINT name`.
    pub(super) name: Option<String>,
    /// What it demands.
    pub(super) demand: Demand,
    /// `DEFERRABLE`.
    pub(super) deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub(super) deferred: bool,
    /// `NOT VALID`.
    pub(super) not_valid: bool,
    /// `NOT ENFORCED`.
    pub(super) not_enforced: bool,
    /// `NO INHERIT`.
    pub(super) no_inherit: bool,
}

/// What a constraint demands.
#[derive(Debug, Clone, Default)]
pub(super) enum Demand {
    /// Nothing: `NULL`.
    #[default]
    Nothing,
    /// `CHECK`: the condition, and the columns that it names.
    Check {
        /// The condition.
        text: String,
        /// Columns that may be named, in order.
        names: Vec<String>,
    },
    /// `NOT NULL` of a column.
    NotNull(String),
    /// `PRIMARY KEY` or `UNIQUE`.
    Key(KeyDemand),
    /// `PRIMARY KEY USING INDEX`, `UNIQUE USING INDEX`: whether it is primary, the index.
    Using(bool, String),
    /// `EXCLUDE`.
    Exclude(ExcludeDemand),
    /// `FOREIGN KEY`.
    Foreign(ForeignDemand),
}

/// `PRIMARY KEY` or `UNIQUE`.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyDemand {
    /// Whether it is the primary key.
    pub(super) primary: bool,
    /// Its columns.
    pub(super) columns: Vec<String>,
    /// `INCLUDE`.
    pub(super) include: Vec<String>,
    /// `NULLS NOT DISTINCT`.
    pub(super) nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS`.
    pub(super) overlaps: bool,
    /// `WITH (…)` and `USING INDEX TABLESPACE`.
    pub(super) options: BTreeMap<String, String>,
}

/// `EXCLUDE`.
#[derive(Debug, Clone, Default)]
pub(super) struct ExcludeDemand {
    /// Access method.
    pub(super) method: String,
    /// Keys with their operators.
    pub(super) keys: Vec<IndexKey>,
    /// Names that the keys give to the columns of the index.
    pub(super) names: Vec<String>,
    /// `INCLUDE`.
    pub(super) include: Vec<String>,
    /// `WHERE`.
    pub(super) predicate: Option<String>,
    /// `WITH (…)`.
    pub(super) options: BTreeMap<String, String>,
}

/// `FOREIGN KEY`.
#[derive(Debug, Clone, Default)]
pub(super) struct ForeignDemand {
    /// Columns here.
    pub(super) columns: Vec<String>,
    /// Schema and name of the table there.
    pub(super) table: (Option<String>, String),
    /// Columns there, when they are written.
    pub(super) references: Vec<String>,
    /// `ON DELETE`.
    pub(super) on_delete: Action,
    /// Its columns.
    pub(super) on_delete_columns: Vec<String>,
    /// `ON UPDATE`.
    pub(super) on_update: Action,
    /// `MATCH FULL`.
    pub(super) match_full: bool,
    /// `PERIOD`.
    pub(super) period: bool,
}

/// The names of columns within a node.
pub(super) fn column_names(node: &impl AstNode) -> Vec<String> {
    node.syntax().descendants().filter_map(ast::ColumnNameRef::cast).map(|one| parse::own_name(&one)).collect()
}

/// Options in parentheses: `WITH (fillfactor = 70)`. Names are folded, values are as the server keeps them.
pub(super) fn attributes(node: &impl AstNode) -> Vec<(String, Option<String>)> {
    let Some(list) = node.deep::<ast::AttributeList>() else { return Vec::new() };
    list.all::<ast::AttributeOption>()
        .into_iter()
        .map(|one| {
            let name = one.one::<ast::AttributeName>().map(|one| parse::own_name(&one)).unwrap_or_default();
            let space = one
                .one::<ast::AttributeNamespace>()
                .map(|one| format!("{}.", parse::own_name(&one)))
                .unwrap_or_default();
            let value = one.one::<ast::AttributeValue>().map(|value| match parse::string(&value) {
                Some(text) if value.words().starts_with('\'') => text,
                _ => value.words().to_lowercase(),
            });
            (format!("{space}{name}"), value)
        })
        .collect()
}

/// As `attributes`, a missing value being `true`.
pub(super) fn options(node: &impl AstNode) -> BTreeMap<String, String> {
    attributes(node).into_iter().map(|(name, value)| (name, value.unwrap_or_else(|| "true".to_owned()))).collect()
}

/// Reads the constraint that a node is; `column` is the one at which it stands.
pub(super) fn read(node: &impl AstNode, table: &str, column: Option<&str>) -> Option<Written> {
    let syntax = node.syntax();
    let own = || column.map(str::to_owned);
    let mut written = Written {
        name: node
            .one::<ast::ConstraintNameClause>()
            .and_then(|one| one.one::<ast::ConstraintName>())
            .map(|one| parse::own_name(&one)),
        ..Written::default()
    };
    written.demand = match syntax.kind() {
        SyntaxKind::CHECK_CONSTRAINT => {
            let condition = syntax.children().find_map(ast::Expr::cast)?;
            let names = names(condition.syntax());
            Demand::Check { text: expr::text_of(condition.syntax(), table), names }
        }
        SyntaxKind::NOT_NULL_CONSTRAINT => {
            let named = node.one::<ast::ColumnNameRef>().map(|one| parse::own_name(&one));
            Demand::NotNull(named.or_else(own)?)
        }
        SyntaxKind::PRIMARY_KEY_CONSTRAINT | SyntaxKind::UNIQUE_CONSTRAINT => key(node, own()),
        SyntaxKind::EXCLUDE_CONSTRAINT => exclude(node, table),
        SyntaxKind::FOREIGN_KEY_CONSTRAINT | SyntaxKind::REFERENCES_CONSTRAINT => foreign(node, own())?,
        _ => return None,
    };
    for option in node.all::<ast::ConstraintOption>() {
        set(&mut written, &option);
    }
    Some(written)
}

/// Applies `DEFERRABLE`, `NOT VALID` and their like.
pub(super) fn set(written: &mut Written, option: &ast::ConstraintOption) {
    use ast::ConstraintOption as Of;
    match option {
        Of::DeferrableConstraintOption(_) => written.deferrable = true,
        Of::NotDeferrableConstraintOption(_) => (written.deferrable, written.deferred) = (false, false),
        Of::InitiallyDeferredConstraintOption(_) => (written.deferrable, written.deferred) = (true, true),
        Of::InitiallyImmediateConstraintOption(_) => written.deferred = false,
        Of::NotValid(_) => written.not_valid = true,
        Of::NoInherit(_) => written.no_inherit = true,
        Of::Inherit(_) => written.no_inherit = false,
        Of::NotEnforced(_) => written.not_enforced = true,
        Of::Enforced(_) => written.not_enforced = false,
    }
}

/// Everything in an expression that may be the name of a column, each once, in order.
fn names(node: &squawk_syntax::SyntaxNode) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let refs = node.descendants().filter(|one| one.kind() == SyntaxKind::NAME_REF);
    for name in refs {
        let called = name
            .parent()
            .is_some_and(|call| call.kind() == SyntaxKind::CALL_EXPR && call.first_child().as_ref() == Some(&name));
        let text = ast::normalize_name_node(&name);
        if !called && !out.contains(&text) {
            out.push(text);
        }
    }
    out
}

fn key(node: &impl AstNode, own: Option<String>) -> Demand {
    let primary = node.syntax().kind() == SyntaxKind::PRIMARY_KEY_CONSTRAINT;
    if let Some(index) = node.one::<ast::UsingIndexName>().and_then(|one| parse::path(&one)) {
        return Demand::Using(primary, index.1);
    }
    let Some(parameters) = node.one::<ast::IndexParameters>() else {
        return Demand::Key(KeyDemand { primary, columns: own.into_iter().collect(), ..KeyDemand::default() });
    };
    let list = parameters.one::<ast::ConstraintColumnRefList>();
    let columns = list.as_ref().map(column_names).unwrap_or_else(|| own.into_iter().collect());
    let mut options = parameters.one::<ast::WithParams>().map(|one| options(&one)).unwrap_or_default();
    if let Some(space) = parameters.deep::<ast::TablespaceRef>() {
        index::tablespace(&mut options, &parse::own_name(&space));
    }
    Demand::Key(KeyDemand {
        primary,
        columns,
        include: parameters.one::<ast::ConstraintIncludeClause>().map(|one| column_names(&one)).unwrap_or_default(),
        nulls_not_distinct: parameters
            .one::<ast::NullsDistinctOption>()
            .is_some_and(|one| matches!(one, ast::NullsDistinctOption::NullsNotDistinct(_))),
        overlaps: list.is_some_and(|list| list.is::<ast::WithoutOverlaps>()),
        options,
    })
}

fn exclude(node: &impl AstNode, table: &str) -> Demand {
    let method = node.one::<ast::ConstraintIndexMethod>().map_or_else(
        || "btree".to_owned(),
        |one| one.deep::<ast::AccessMethodRef>().map(|one| parse::own_name(&one)).unwrap_or_default(),
    );
    let mut demand = ExcludeDemand { method, ..ExcludeDemand::default() };
    for one in
        node.one::<ast::ConstraintExclusionList>().map(|one| one.all::<ast::ConstraintExclusion>()).unwrap_or_default()
    {
        let Some(expression) = one.one::<ast::Expr>() else { continue };
        let (mut key, name) = index::expression_key(expression.syntax(), table);
        let operator = one.syntax().children().find(|child| {
            child.kind() != expression.syntax().kind()
                && (ast::Op::can_cast(child.kind()) || child.kind() == SyntaxKind::OPERATOR_CALL)
        });
        let operator = operator.map(|one| parse::text(&one)).unwrap_or_else(|| {
            let text = one.words();
            text.rsplit(|one: char| one.is_whitespace()).next().unwrap_or_default().to_owned()
        });
        key.operator = Some(
            operator
                .trim_start_matches("operator(pg_catalog.")
                .trim_start_matches("OPERATOR(pg_catalog.")
                .trim_end_matches(')')
                .to_owned(),
        );
        if let Some(class) = one.deep::<ast::OpClassRef>().and_then(|one| parse::path(&one)) {
            key.operator_class = Some(class.1);
        }
        demand.keys.push(key);
        demand.names.push(name.unwrap_or_else(|| "expr".to_owned()));
    }
    demand.include = node.one::<ast::ConstraintIncludeClause>().map(|one| column_names(&one)).unwrap_or_default();
    demand.options = node.one::<ast::WithParams>().map(|one| options(&one)).unwrap_or_default();
    demand.predicate = node
        .one::<ast::WhereConditionClause>()
        .and_then(|one| one.one::<ast::Expr>())
        .map(|one| expr::text_of(one.syntax(), table));
    Demand::Exclude(demand)
}

fn foreign(node: &impl AstNode, own: Option<String>) -> Option<Demand> {
    let lists: Vec<ast::ForeignKeyColumnList> = node.all();
    let single = node.one::<ast::ColumnNameRef>().map(|one| parse::own_name(&one));
    let mut demand =
        ForeignDemand { table: parse::path(&node.one::<ast::TableNameRef>()?)?, ..ForeignDemand::default() };
    match own {
        Some(own) => {
            demand.columns = vec![own];
            demand.references = single.into_iter().collect();
        }
        None => {
            let mut lists = lists.iter();
            demand.columns = lists.next().map(column_names)?;
            let there = lists.next();
            demand.references = there.map(column_names).unwrap_or_default();
            demand.period = there.is_some_and(|one| one.is::<ast::PeriodColumn>());
        }
    }
    demand.match_full = node.one::<ast::MatchType>().is_some_and(|one| matches!(one, ast::MatchType::MatchFull(_)));
    for action in node.all::<ast::ReferentialAction>() {
        let Some(what) = action.syntax().children().find_map(ast::RefAction::cast) else { continue };
        let (action_is, columns) = match &what {
            ast::RefAction::NoAction(_) => (Action::NoAction, Vec::new()),
            ast::RefAction::Restrict(_) => (Action::Restrict, Vec::new()),
            ast::RefAction::Cascade(_) => (Action::Cascade, Vec::new()),
            ast::RefAction::SetNullColumns(one) => (Action::SetNull, column_names(one)),
            ast::RefAction::SetDefaultColumns(one) => (Action::SetDefault, column_names(one)),
        };
        match action {
            ast::ReferentialAction::OnDeleteAction(_) => {
                (demand.on_delete, demand.on_delete_columns) = (action_is, columns)
            }
            ast::ReferentialAction::OnUpdateAction(_) => demand.on_update = action_is,
        }
    }
    Some(Demand::Foreign(demand))
}
