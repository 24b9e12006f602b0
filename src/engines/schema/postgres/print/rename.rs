//! Renames come first: the earlier catalog then has the names of the later, and the rest is compared by name.
use super::Script;
use super::text::{full, ident};
use crate::engines::schema::catalog::{Catalog, ConstraintKind, DataType, Key, Kind, Name, UserTypeKind};
use crate::engines::schema::change::{Change, Difference};
use std::collections::BTreeMap;

/// Writes the renames, and gives the earlier catalog after them.
pub(super) fn apply(before: &Catalog, after: &Catalog, changes: &[Change], script: &mut Script) -> Catalog {
    let mut catalog = before.clone();
    let mut renames: Vec<(&Key, &Key)> = changes
        .iter()
        .filter_map(|change| match &change.difference {
            Difference::Altered { renamed_from: Some((from, _)), .. } => Some((from, &change.key)),
            _ => None,
        })
        .collect();
    // Tables first: their parts are named by the new name of the table from then on.
    renames.sort_by_key(|(from, _)| (!from.table.is_empty(), from.kind));
    let mut tables: BTreeMap<Name, Name> = BTreeMap::new();
    let mut aside: BTreeMap<Key, Key> = BTreeMap::new();
    for (from, to) in renames {
        match from.kind {
            Kind::Table | Kind::View | Kind::MaterializedView => {
                let (old, new) = (Name::new(&*from.schema, &*from.name), Name::new(&*to.schema, &*to.name));
                let now = tables.get(&old).cloned().unwrap_or_else(|| old.clone());
                step_aside(&mut catalog, &now, &new, &mut tables, script);
                relation(&mut catalog, (from.kind, &now, &new), to, script);
                tables.insert(old, new);
            }
            Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => user_type(&mut catalog, from, to, script),
            Kind::Sequence => sequence(&mut catalog, from, to, script),
            Kind::Column | Kind::Constraint | Kind::Index | Kind::Trigger | Kind::Policy => {
                let old = Name::new(&*from.schema, &*from.table);
                let table = tables.get(&old).cloned().unwrap_or(old);
                let now = Key::part(from.kind, &table, &*from.name);
                let now = aside.get(&now).unwrap_or(&now).clone();
                if has_part(&catalog, &table, from.kind, &to.name) && now.name != to.name {
                    let (there, away) = (
                        Key::part(from.kind, &table, &*to.name),
                        Key::part(from.kind, &table, format!("{}__old", to.name)),
                    );
                    part(&mut catalog, &table, &there, &away, script);
                    aside.insert(there, away);
                }
                part(&mut catalog, &table, &now, to, script);
            }
            _ => {}
        }
    }
    follow(&mut catalog, after, &tables, script);
    catalog
}

/// A table that has the name which another one gets takes another name first. It is renamed again in its turn, or dropped.
fn step_aside(catalog: &mut Catalog, now: &Name, new: &Name, tables: &mut BTreeMap<Name, Name>, script: &mut Script) {
    let kind = match (catalog.tables.get(new), catalog.views.get(new)) {
        (Some(_), _) => Kind::Table,
        (None, Some(view)) if view.materialized => Kind::MaterializedView,
        (None, Some(_)) => Kind::View,
        (None, None) => return,
    };
    if now == new {
        return;
    }
    let away = Name::new(&*new.schema, format!("{}__old", new.name));
    relation(catalog, (kind, new, &away), &Key::top(kind, new), script);
    tables.insert(new.clone(), away);
}

/// Whether a table has a part of this name.
fn has_part(catalog: &Catalog, table: &Name, kind: Kind, name: &str) -> bool {
    let Some(one) = catalog.tables.get(table) else { return false };
    match kind {
        Kind::Column => one.column(name).is_some(),
        Kind::Constraint => one.constraints.iter().any(|one| one.name == name),
        Kind::Index => one.indexes.iter().any(|one| one.name == name),
        Kind::Trigger => one.triggers.iter().any(|one| one.name == name),
        _ => one.policies.iter().any(|one| one.name == name),
    }
}

fn moved(word: &str, old: &Name, new: &Name, to: &Key, script: &mut Script) {
    if old.name != new.name {
        script.push(to, format!("ALTER {word} {} RENAME TO {}", full(old), ident(&new.name)));
    }
    if old.schema != new.schema {
        let there = Name::new(&*old.schema, &*new.name);
        script.push(to, format!("ALTER {word} {} SET SCHEMA {}", full(&there), ident(&new.schema)));
    }
}

fn relation(catalog: &mut Catalog, (kind, old, new): (Kind, &Name, &Name), to: &Key, script: &mut Script) {
    let word = match kind {
        Kind::View => "VIEW",
        Kind::MaterializedView => "MATERIALIZED VIEW",
        _ => "TABLE",
    };
    if let Some(table) = catalog.tables.remove(old) {
        catalog.tables.insert(new.clone(), table);
    } else if let Some(view) = catalog.views.remove(old) {
        catalog.views.insert(new.clone(), view);
    } else {
        return;
    }
    moved(word, old, new, to, script);
    for table in catalog.tables.values_mut() {
        for constraint in &mut table.constraints {
            if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
                && key.table == *old
            {
                key.table = new.clone();
            }
        }
        if table.partitioning.parent.as_ref() == Some(old) {
            table.partitioning.parent = Some(new.clone());
        }
        table.inherits.iter_mut().filter(|name| *name == old).for_each(|name| *name = new.clone());
    }
    for sequence in catalog.sequences.values_mut() {
        if let Some((table, _)) = sequence.owned_by.as_mut().filter(|(table, _)| table == old) {
            *table = new.clone();
        }
    }
}

fn user_type(catalog: &mut Catalog, from: &Key, to: &Key, script: &mut Script) {
    let (old, new) = (Name::new(&*from.schema, &*from.name), Name::new(&*to.schema, &*to.name));
    let Some(one) = catalog.types.remove(&old) else { return };
    catalog.types.insert(new.clone(), one);
    moved("TYPE", &old, &new, to, script);
    let same = |data_type: &mut DataType| {
        if data_type.name == old.name && data_type.schema.as_deref() == Some(&*old.schema) {
            data_type.name.clone_from(&new.name);
            data_type.schema = Some(new.schema.clone());
        }
    };
    catalog.tables.values_mut().flat_map(|table| &mut table.columns).for_each(|column| same(&mut column.data_type));
    for one in catalog.types.values_mut() {
        match &mut one.kind {
            UserTypeKind::Domain { base, .. } => same(base),
            UserTypeKind::Composite(fields) => fields.iter_mut().for_each(|(_, data_type)| same(data_type)),
            _ => {}
        }
    }
}

fn sequence(catalog: &mut Catalog, from: &Key, to: &Key, script: &mut Script) {
    let (old, new) = (Name::new(&*from.schema, &*from.name), Name::new(&*to.schema, &*to.name));
    let Some(one) = catalog.sequences.remove(&old) else { return };
    catalog.sequences.insert(new.clone(), one);
    moved("SEQUENCE", &old, &new, to, script);
}

fn part(catalog: &mut Catalog, table: &Name, from: &Key, to: &Key, script: &mut Script) {
    let (old, new) = (from.name.as_str(), to.name.as_str());
    if let Some(view) = catalog.views.get_mut(table) {
        if let Some(index) = view.indexes.iter_mut().find(|index| from.kind == Kind::Index && index.name == old) {
            new.clone_into(&mut index.name);
            let before = Name::new(&*table.schema, old);
            script.push(to, format!("ALTER INDEX {} RENAME TO {}", full(&before), ident(new)));
        }
        return;
    }
    let Some(one) = catalog.tables.get_mut(table) else { return };
    let name = full(table);
    let sql = match from.kind {
        Kind::Column => {
            let Some(column) = one.column_mut(old) else { return };
            new.clone_into(&mut column.name);
            column_used(catalog, table, old, new);
            format!("ALTER TABLE {name} RENAME COLUMN {} TO {}", ident(old), ident(new))
        }
        Kind::Constraint => {
            let Some(constraint) = one.constraints.iter_mut().find(|constraint| constraint.name == old) else { return };
            new.clone_into(&mut constraint.name);
            format!("ALTER TABLE {name} RENAME CONSTRAINT {} TO {}", ident(old), ident(new))
        }
        Kind::Index => {
            let Some(index) = one.indexes.iter_mut().find(|index| index.name == old) else { return };
            new.clone_into(&mut index.name);
            format!("ALTER INDEX {} RENAME TO {}", full(&Name::new(&*table.schema, old)), ident(new))
        }
        Kind::Trigger => {
            let Some(trigger) = one.triggers.iter_mut().find(|trigger| trigger.name == old) else { return };
            new.clone_into(&mut trigger.name);
            format!("ALTER TRIGGER {} ON {name} RENAME TO {}", ident(old), ident(new))
        }
        _ => {
            let Some(policy) = one.policies.iter_mut().find(|policy| policy.name == old) else { return };
            new.clone_into(&mut policy.name);
            format!("ALTER POLICY {} ON {name} RENAME TO {}", ident(old), ident(new))
        }
    };
    script.push(to, sql);
}

/// The server carries the new name of a column into everything that names it by itself: keys, foreign keys, sequences. Expressions are taken over
/// from the later catalog where the server has changed them too (`follow`).
fn column_used(catalog: &mut Catalog, table: &Name, old: &str, new: &str) {
    let swap =
        |names: &mut Vec<String>| names.iter_mut().filter(|name| *name == old).for_each(|name| new.clone_into(name));
    for (name, one) in &mut catalog.tables {
        for constraint in &mut one.constraints {
            match &mut constraint.kind {
                ConstraintKind::ForeignKey(key) => {
                    if name == table {
                        swap(&mut key.columns);
                        swap(&mut key.on_delete_columns);
                    }
                    if key.table == *table {
                        swap(&mut key.references);
                    }
                }
                ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index)
                    if name == table =>
                {
                    keys(index, old, new);
                }
                _ => {}
            }
        }
        if name == table {
            one.indexes.iter_mut().for_each(|index| keys(index, old, new));
            let checks = one.constraints.iter_mut().filter_map(|constraint| match &mut constraint.kind {
                ConstraintKind::Check(condition) => Some(condition),
                _ => None,
            });
            let generated = one
                .columns
                .iter_mut()
                .filter_map(|column| column.generated.as_mut())
                .map(|generated| &mut generated.expression);
            let policies =
                one.policies.iter_mut().flat_map(|policy| policy.using.iter_mut().chain(policy.check.iter_mut()));
            let by = one.partitioning.by.iter_mut();
            checks.chain(generated).chain(policies).chain(by).for_each(|expression| reword(expression, old, new));
            one.triggers.iter_mut().for_each(|trigger| swap(&mut trigger.columns));
        }
    }
    for sequence in catalog.sequences.values_mut() {
        if let Some((_, column)) = sequence.owned_by.as_mut().filter(|(owner, column)| owner == table && column == old)
        {
            new.clone_into(column);
        }
    }
}

fn keys(index: &mut crate::engines::schema::catalog::Index, old: &str, new: &str) {
    for key in index.keys.iter_mut().filter(|key| key.column && key.expression.normal == old) {
        new.clone_into(&mut key.expression.normal);
        new.clone_into(&mut key.expression.text);
    }
    index.keys.iter_mut().filter(|key| !key.column).for_each(|key| reword(&mut key.expression, old, new));
    index.predicate.iter_mut().for_each(|predicate| reword(predicate, old, new));
    index.include.iter_mut().filter(|name| *name == old).for_each(|name| new.clone_into(name));
}

/// Whether two constraints demand the same, whatever their names.
fn same_kind(a: &ConstraintKind, b: &ConstraintKind) -> bool {
    let bare = |index: &crate::engines::schema::catalog::Index| crate::engines::schema::catalog::Index {
        name: String::new(),
        meta: crate::engines::schema::catalog::Meta::default(),
        ..index.clone()
    };
    match (a, b) {
        (ConstraintKind::PrimaryKey(a), ConstraintKind::PrimaryKey(b))
        | (ConstraintKind::Unique(a), ConstraintKind::Unique(b))
        | (ConstraintKind::Exclude(a), ConstraintKind::Exclude(b)) => bare(a) == bare(b),
        (ConstraintKind::Check(a), ConstraintKind::Check(b)) => a.normal == b.normal,
        (a, b) => a == b,
    }
}

/// A name within a normal form, as a whole word.
fn reword(expression: &mut crate::engines::schema::catalog::Expression, old: &str, new: &str) {
    if !super::text::mentions(&expression.normal, old) {
        return;
    }
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '\'');
    let (mut out, mut from) = (String::new(), 0);
    for (at, found) in expression.normal.match_indices(old) {
        let head = expression.normal.get(..at).and_then(|head| head.chars().next_back());
        let tail = expression.normal.get(at + found.len()..).and_then(|tail| tail.chars().next());
        out.push_str(expression.normal.get(from..at).unwrap_or_default());
        out.push_str(if part(head) || part(tail) { found } else { new });
        from = at + found.len();
    }
    out.push_str(expression.normal.get(from..).unwrap_or_default());
    expression.normal = out;
}

/// Constraints and sequences that the server named after their table keep their old names when the table gets another: where the later catalog has
/// the same thing under another name, that is a rename too, though no change says so.
fn follow(catalog: &mut Catalog, after: &Catalog, tables: &BTreeMap<Name, Name>, script: &mut Script) {
    for new in tables.values() {
        let (Some(one), Some(other)) = (catalog.tables.get_mut(new), after.tables.get(new)) else { continue };
        for constraint in &mut one.constraints {
            if other.constraints.iter().any(|known| known.name == constraint.name) {
                continue;
            }
            let twin = other.constraints.iter().find(|known| same_kind(&known.kind, &constraint.kind));
            let Some(twin) = twin else { continue };
            let key = Key::part(Kind::Constraint, new, &*twin.name);
            script.push(
                &key,
                format!(
                    "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
                    full(new),
                    ident(&constraint.name),
                    ident(&twin.name)
                ),
            );
            constraint.name.clone_from(&twin.name);
        }
    }
}
