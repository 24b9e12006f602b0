//! `ALTER TABLE`: its actions run in the order in which the server runs them, not in that in which they are written.
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use super::table;
use super::written::{self, Demand, Written};
use crate::engines::schema::catalog::{ConstraintKind, Key, Kind, Name};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};

/// When an action runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    Drop,
    AlterType,
    AddColumn,
    Expression,
    Check,
    Attributes,
    Index,
    Other,
    Misc,
}

const PASSES: [Pass; 9] = [
    Pass::Drop,
    Pass::AlterType,
    Pass::AddColumn,
    Pass::Expression,
    Pass::Check,
    Pass::Attributes,
    Pass::Index,
    Pass::Other,
    Pass::Misc,
];

/// Something to do in a pass.
enum Task {
    Action(ast::AlterTableAction),
    Constraint(Written),
}

fn pass_of(action: &ast::AlterTableAction) -> Pass {
    use ast::AlterColumnOption as Column;
    use ast::AlterTableAction as Of;
    match action {
        Of::DropColumn(_) | Of::DropConstraint(_) => Pass::Drop,
        Of::AddColumn(_) => Pass::AddColumn,
        Of::AddConstraint(add) => {
            match add.syntax().children().find(|one| is_constraint(one.kind())).map(|one| one.kind()) {
                Some(SyntaxKind::CHECK_CONSTRAINT | SyntaxKind::NOT_NULL_CONSTRAINT) => Pass::Check,
                Some(SyntaxKind::FOREIGN_KEY_CONSTRAINT) => Pass::Other,
                _ => Pass::Index,
            }
        }
        Of::AlterColumn(alter) => match alter.one::<ast::AlterColumnOption>() {
            Some(
                Column::DropDefault(_) | Column::DropExpression(_) | Column::DropIdentity(_) | Column::DropNotNull(_),
            ) => Pass::Drop,
            Some(Column::SetType(_)) => Pass::AlterType,
            Some(Column::SetExpression(_)) => Pass::Expression,
            Some(Column::SetNotNull(_)) => Pass::Attributes,
            Some(
                Column::SetDefault(_)
                | Column::AddGenerated(_)
                | Column::SetGenerated(_)
                | Column::SetGeneratedOptions(_),
            ) => Pass::Other,
            _ => Pass::Misc,
        },
        _ => Pass::Misc,
    }
}

fn is_constraint(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::CHECK_CONSTRAINT
            | SyntaxKind::NOT_NULL_CONSTRAINT
            | SyntaxKind::FOREIGN_KEY_CONSTRAINT
            | SyntaxKind::PRIMARY_KEY_CONSTRAINT
            | SyntaxKind::UNIQUE_CONSTRAINT
            | SyntaxKind::EXCLUDE_CONSTRAINT
            | SyntaxKind::REFERENCES_CONSTRAINT
    )
}

impl State {
    /// `ALTER TABLE`, `ALTER FOREIGN TABLE`. False when the relation is a view, whose actions are another file's.
    pub(super) fn alter_table(&mut self, statement: &impl AstNode) -> Result<bool, Refusal> {
        let Some(relation) = statement.one::<ast::TableRelationName>() else {
            // ALL IN TABLESPACE: no table is named.
            return Ok(true);
        };
        let Some((schema, bare)) = parse::path(&relation) else { return Ok(true) };
        if self.is_temporary_table(schema.as_deref(), &bare) {
            return Ok(true);
        }
        let actions: Vec<ast::AlterTableAction> = statement.all();
        let found = self.find(schema.as_deref(), &bare, |catalog, name| {
            catalog.tables.contains_key(name)
                || catalog.views.contains_key(name)
                || catalog.sequences.contains_key(name)
        });
        let Some(name) = found else {
            if let (Some((table, index)), [ast::AlterTableAction::TableRenameTo(to)]) =
                (self.find_index(schema.as_deref(), &bare), actions.as_slice())
            {
                let to = parse::name(to).unwrap_or_default();
                return self.rename_index(&table, &index, &to).map(|()| true);
            }
            if self.conditional(statement.is::<ast::IfExists>(), true) {
                return Ok(true);
            }
            return self.must_find_table(schema.as_deref(), &bare).map(|_| true);
        };
        self.now.flags.conditional |= statement.is::<ast::IfExists>();
        if let Some(done) = self.moved(&name, &actions) {
            return done.map(|()| true);
        }
        if !self.catalog.tables.contains_key(&name) {
            return Ok(self.catalog.sequences.contains_key(&name));
        }
        let children = !relation.has(SyntaxKind::ONLY_KW);
        self.alter_actions(&name, actions, children).map(|()| true)
    }

    /// A new name or another schema: those stand alone, and any relation can be named.
    fn moved(&mut self, name: &Name, actions: &[ast::AlterTableAction]) -> Option<Done> {
        let [action] = actions else { return None };
        match action {
            ast::AlterTableAction::TableRenameTo(to) => {
                let to = parse::name(to)?;
                Some(self.rename_relation(name, &Name::new(&*name.schema, to)))
            }
            ast::AlterTableAction::SetSchema(to) => {
                let to = parse::own_name(&to.one::<ast::SchemaRef>()?);
                Some(match self.must_find_schema(&to) {
                    Ok(to) if to == name.schema => Ok(()),
                    Ok(to) => self.rename_relation(name, &Name::new(to, &*name.name)),
                    Err(refusal) => Err(refusal),
                })
            }
            _ => None,
        }
    }

    fn alter_actions(&mut self, name: &Name, actions: Vec<ast::AlterTableAction>, children: bool) -> Done {
        self.touch_table(name);
        let mut passes: Vec<(Pass, Vec<Task>)> = PASSES.iter().map(|pass| (*pass, Vec::new())).collect();
        let mut put = |pass: Pass, task: Task| {
            if let Some((_, tasks)) = passes.iter_mut().find(|(one, _)| *one == pass) {
                tasks.push(task);
            }
        };
        for action in actions {
            put(pass_of(&action), Task::Action(action));
        }
        for at in 0..passes.len() {
            let tasks = passes.get_mut(at).map(|(_, tasks)| std::mem::take(tasks)).unwrap_or_default();
            for task in tasks {
                match task {
                    Task::Constraint(written) => self.add_constraint(name, &written, children)?,
                    Task::Action(ast::AlterTableAction::AddColumn(add)) => {
                        for written in self.add_column(name, &add, children)? {
                            let pass = match &written.demand {
                                Demand::Foreign(_) => Pass::Other,
                                Demand::Check { .. } | Demand::NotNull(_) | Demand::Nothing => Pass::Check,
                                _ => Pass::Index,
                            };
                            if let Some((_, tasks)) = passes.iter_mut().find(|(one, _)| *one == pass) {
                                tasks.push(Task::Constraint(written));
                            }
                        }
                    }
                    Task::Action(action) => self.table_action(name, &action, children)?,
                }
            }
        }
        Ok(())
    }

    /// `ADD COLUMN`; gives the constraints that are still to be added.
    fn add_column(&mut self, name: &Name, add: &ast::AddColumn, children: bool) -> Result<Vec<Written>, Refusal> {
        let mut defined = self.column(add.syntax(), name)?;
        let column = defined.column.name.clone();
        if self.must_be_table(name)?.column(&column).is_some() {
            if self.conditional(add.is::<ast::IfNotExists>(), true) {
                return Ok(Vec::new());
            }
            let reason = format!("column \"{column}\" of relation \"{}\" already exists", name.name);
            return Err(Refusal::new("duplicate_column", reason, [Key::part(Kind::Column, name, &*column)]));
        }
        self.now.flags.conditional |= add.is::<ast::IfNotExists>();
        let unlogged = self.must_be_table(name)?.unlogged;
        self.column_sequence(name, &mut defined, unlogged);
        let family = if children { self.family(name) } else { vec![name.clone()] };
        for table in family {
            let mut made = defined.column.clone();
            if self.must_be_table(&table)?.column(&column).is_some() {
                continue;
            }
            self.finish_column(&mut made, &defined);
            self.new_column_meta(&table, &mut made);
            if table != *name && self.catalog.server.version.0 < 17 {
                made.identity = None;
            }
            self.touch_table(&table);
            self.catalog.tables.entry(table).and_modify(|one| one.columns.push(made));
        }
        Ok(defined.constraints)
    }

    /// Any other action.
    fn table_action(&mut self, name: &Name, action: &ast::AlterTableAction, children: bool) -> Done {
        use ast::AlterTableAction as Of;
        match action {
            Of::AddConstraint(add) => {
                let Some(node) = add.syntax().children().find(|one| is_constraint(one.kind())) else { return Ok(()) };
                let Some(written) = ast::Constraint::cast(node).and_then(|one| table::constraint_of(&one, &name.name))
                else {
                    return Ok(());
                };
                self.now.flags.not_valid |= written.not_valid;
                self.add_constraint(name, &written, children)
            }
            Of::DropColumn(drop) => {
                let column = drop.one::<ast::ColumnNameRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                let cascade = self.cascade(drop);
                if self.must_be_table(name)?.column(&column).is_none()
                    && self.conditional(drop.is::<ast::IfExists>(), true)
                {
                    return Ok(());
                }
                self.drop_column(name, &column, cascade, children)
            }
            Of::DropConstraint(drop) => {
                let constraint = drop
                    .one::<ast::ConstraintNameRef>()
                    .and_then(|one| parse::path(&one))
                    .map(|(_, name)| name)
                    .unwrap_or_default();
                let cascade = self.cascade(drop);
                if !self.must_be_table(name)?.constraints.iter().any(|one| one.name == constraint)
                    && self.conditional(drop.is::<ast::IfExists>(), true)
                {
                    return Ok(());
                }
                self.drop_constraint(name, &constraint, cascade, children)
            }
            Of::AlterColumn(alter) => self.alter_column(name, alter, children),
            Of::RenameColumn(rename) => {
                let from = rename.one::<ast::ColumnNameRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                let to = rename.one::<ast::ColumnName>().map(|one| parse::own_name(&one)).unwrap_or_default();
                self.rename_column(name, &from, &to)
            }
            Of::RenameConstraint(rename) => {
                let from = rename
                    .one::<ast::ConstraintNameRef>()
                    .and_then(|one| parse::path(&one))
                    .map(|(_, name)| name)
                    .unwrap_or_default();
                let to = rename.one::<ast::ConstraintName>().map(|one| parse::own_name(&one)).unwrap_or_default();
                self.rename_constraint(name, &from, &to)
            }
            Of::ValidateConstraint(validate) => {
                self.now.flags.validate = true;
                let constraint = parse::path(validate).map(|(_, name)| name).unwrap_or_default();
                self.each_constraint(name, &constraint, children, |one| one.not_valid = false)
            }
            Of::AlterConstraint(alter) => self.alter_constraint(name, alter, children),
            Of::AttachPartition(attach) => self.attach(name, attach),
            Of::DetachPartition(detach) => self.detach(name, detach),
            Of::InheritTable(parent) => self.inherit(name, parent, true),
            Of::NoInheritTable(parent) => self.inherit(name, parent, false),
            Of::MergePartitions(_) | Of::SplitPartition(_) => {
                Err(self.beyond(name, "partitions that are merged or split are not modelled"))
            }
            other => self.table_property(name, other),
        }
    }

    fn alter_constraint(&mut self, name: &Name, alter: &ast::AlterConstraint, children: bool) -> Done {
        let constraint = alter
            .one::<ast::ConstraintNameRef>()
            .and_then(|one| parse::path(&one))
            .map(|(_, name)| name)
            .unwrap_or_default();
        let options: Vec<ast::ConstraintOption> = alter.all();
        self.each_constraint(name, &constraint, children, |one| {
            let mut written =
                Written { no_inherit: one.no_inherit, not_enforced: one.not_enforced, ..Written::default() };
            for option in &options {
                written::set(&mut written, option);
            }
            let says = |word: &str| options.iter().any(|one| one.words().to_lowercase().contains(word));
            if says("deferr") || says("initially") {
                (one.deferrable, one.deferred) = (written.deferrable, written.deferred);
            }
            if one.not_enforced && !written.not_enforced {
                one.not_valid = false;
            }
            (one.no_inherit, one.not_enforced) = (written.no_inherit, written.not_enforced);
        })
    }

    /// Changes a constraint, and what partitions and children have of it.
    fn each_constraint(
        &mut self,
        name: &Name,
        constraint: &str,
        children: bool,
        change: impl Fn(&mut crate::engines::schema::catalog::Constraint),
    ) -> Done {
        let Some(found) = self.must_be_table(name)?.constraints.iter().find(|one| one.name == constraint).cloned()
        else {
            let reason = format!("constraint \"{constraint}\" of relation \"{}\" does not exist", name.name);
            return Err(Refusal::new("undefined_object", reason, [State::table_key(name)]));
        };
        let family = if children { self.family(name) } else { vec![name.clone()] };
        for table in family {
            self.touch_table(&table);
            let Some(one) = self.catalog.tables.get_mut(&table) else { continue };
            let own = table == *name;
            for one in one.constraints.iter_mut().filter(|one| match own {
                true => one.name == constraint,
                false => {
                    one.inherited
                        && same_constraint(&one.kind, &found.kind)
                        && (one.name == constraint || matches!(one.kind, ConstraintKind::ForeignKey(_)))
                }
            }) {
                change(one);
            }
        }
        Ok(())
    }
}

/// Whether two constraints demand the same, the names of indexes aside.
pub(super) fn same_constraint(a: &ConstraintKind, b: &ConstraintKind) -> bool {
    use super::index::shape;
    match (a, b) {
        (ConstraintKind::PrimaryKey(a), ConstraintKind::PrimaryKey(b))
        | (ConstraintKind::Unique(a), ConstraintKind::Unique(b))
        | (ConstraintKind::Exclude(a), ConstraintKind::Exclude(b)) => shape(a) == shape(b),
        (a, b) => a == b,
    }
}
