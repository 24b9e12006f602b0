//! What follows for views, routines, triggers, rules and privileges when something they use gets another name or goes. What a table holds itself
//! (columns, constraints, indexes, policies, generated columns) is carried along by the code for tables.
use super::query::Uses;
use super::routine::routine_key;
use super::state::State;
use super::words::quoted;
use crate::engines::schema::catalog::{DataType, Expression, Name, Routine, UserTypeKind};
use crate::engines::schema::postgres::normal;
use std::collections::BTreeMap;
use std::ops::Range;

/// Whose text it is that names things.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// The query of a view.
    View(Name),
    /// `USING` of a policy of a table.
    Using(Name, String),
    /// `WITH CHECK` of a policy of a table.
    Check(Name, String),
}

/// Texts and what they name.
#[derive(Debug, Clone, Default)]
pub(super) struct Dependencies(BTreeMap<Holder, (String, Uses)>);

/// What is put where: a range of the text, and what stands there afterwards.
type Edits = Vec<(Range<usize>, String)>;

impl State {
    /// Remembers what a text names.
    pub(super) fn depend(&mut self, holder: Holder, text: &str, uses: Uses) {
        self.dependencies.0.insert(holder, (text.to_owned(), uses));
    }

    /// Forgets it.
    pub(super) fn undepend(&mut self, holder: &Holder) {
        self.dependencies.0.remove(holder);
    }

    /// A policy has another name.
    pub(super) fn policy_renamed(&mut self, table: &Name, before: &str, after: &str) {
        for holder in [Holder::Using as fn(Name, String) -> Holder, Holder::Check] {
            if let Some(entry) = self.dependencies.0.remove(&holder(table.clone(), before.to_owned())) {
                self.dependencies.0.insert(holder(table.clone(), after.to_owned()), entry);
            }
        }
    }

    /// A table, view or sequence has another name.
    pub(super) fn relation_renamed(&mut self, before: &Name, after: &Name) {
        self.holders_moved(before, after);
        let replace = |uses: &Uses, text: &str| {
            let mut edits = Edits::new();
            for (range, _) in uses.relations.iter().filter(|(_, name)| name == before) {
                let qualified = text.get(range.clone()).is_some_and(|one| one.contains('.'));
                edits.push((
                    range.clone(),
                    match qualified || before.schema != after.schema {
                        true => format!("{}.{}", quoted(&after.schema), quoted(&after.name)),
                        false => quoted(&after.name),
                    },
                ));
            }
            let named = uses.qualifiers.iter().filter(|(_, name)| name == before);
            edits.extend(named.map(|(range, _)| (range.clone(), quoted(&after.name))));
            edits
        };
        let rename = |uses: &mut Uses| {
            let swap = |name: &mut Name| {
                if name == before {
                    name.clone_from(after);
                }
            };
            uses.relations.iter_mut().for_each(|(_, name)| swap(name));
            uses.qualifiers.iter_mut().for_each(|(_, name)| swap(name));
            uses.columns.iter_mut().for_each(|(_, name, _, _)| swap(name));
            let origins = uses.stars.iter_mut().flat_map(|(_, columns)| columns).filter_map(|one| one.origin.as_mut());
            origins.for_each(|(name, _)| swap(name));
        };
        self.rewrite(&replace, &rename);
        self.type_renamed(before, after);
    }

    fn holders_moved(&mut self, before: &Name, after: &Name) {
        let all = std::mem::take(&mut self.dependencies.0);
        let swap = |name: Name| if name == *before { after.clone() } else { name };
        let moved = all.into_iter().map(|(holder, entry)| {
            let holder = match holder {
                Holder::View(name) => Holder::View(swap(name)),
                Holder::Using(name, policy) => Holder::Using(swap(name), policy),
                Holder::Check(name, policy) => Holder::Check(swap(name), policy),
            };
            (holder, entry)
        });
        self.dependencies.0 = moved.collect();
    }

    /// A column has another name.
    pub(super) fn column_renamed(&mut self, table: &Name, before: &str, after: &str) {
        let replace = |uses: &Uses, _: &str| {
            let mut edits = Edits::new();
            for (range, name, column, output) in &uses.columns {
                if name == table && column == before {
                    // A bare column of the select list keeps the name that the view shows.
                    edits.push((
                        range.clone(),
                        match output {
                            true => format!("{} AS {}", quoted(after), quoted(before)),
                            false => quoted(after),
                        },
                    ));
                }
            }
            edits
        };
        let rename = |uses: &mut Uses| {
            for (_, name, column, output) in &mut uses.columns {
                if name == table && column == before {
                    after.clone_into(column);
                    *output = false;
                }
            }
            let origins = uses.stars.iter_mut().flat_map(|(_, columns)| columns).filter_map(|one| one.origin.as_mut());
            for (name, column) in origins {
                if name == table && column == before {
                    after.clone_into(column);
                }
            }
        };
        self.rewrite(&replace, &rename);
        self.trigger_columns_renamed(table, before, after);
        self.column_grants_renamed(table, before, after);
        self.others_column_renamed(table, before, after);
    }

    /// Edits every text that names something, and computes its normal form anew.
    fn rewrite(&mut self, replace: &dyn Fn(&Uses, &str) -> Edits, rename: &dyn Fn(&mut Uses)) {
        let mut all = std::mem::take(&mut self.dependencies.0);
        for (holder, (text, uses)) in &mut all {
            let mut edits = replace(uses, text);
            rename(uses);
            if edits.is_empty() {
                continue;
            }
            edits.sort_by_key(|(range, _)| range.start);
            edits.dedup_by(|(a, _), (b, _)| a.start == b.start);
            *text = edited(text, &edits);
            shift(uses, &edits);
            self.put_text(holder, text);
        }
        self.dependencies.0 = all;
    }

    fn put_text(&mut self, holder: &Holder, text: &str) {
        match holder {
            Holder::View(name) => {
                self.touch_view(name);
                if let Some(view) = self.catalog.views.get_mut(name) {
                    view.query = normal::query(text);
                }
            }
            Holder::Using(table, policy) | Holder::Check(table, policy) => {
                self.touch_table(table);
                let expression = self.table_expression(table, text);
                let found = self.catalog.tables.get_mut(table);
                let policy = found.and_then(|found| found.policies.iter_mut().find(|one| one.name == *policy));
                if let Some(policy) = policy {
                    match holder {
                        Holder::Using(..) => policy.using = Some(expression),
                        _ => policy.check = Some(expression),
                    }
                }
            }
        }
    }

    fn trigger_columns_renamed(&mut self, table: &Name, before: &str, after: &str) {
        let columns = self.columns_of_table(table);
        let pairs: Vec<(&str, &DataType)> =
            columns.iter().map(|(name, data_type)| (name.as_str(), data_type)).collect();
        let context = normal::Context { columns: &pairs, ..normal::Context::default() };
        let mut triggers = self.triggers(table).to_vec();
        for trigger in &mut triggers {
            trigger.columns.iter_mut().filter(|one| *one == before).for_each(|one| after.clone_into(one));
            if let Some(condition) = &mut trigger.condition {
                let text = super::words::renamed_after(&condition.text, &["new", "old"], before, after);
                if text != condition.text {
                    *condition = normal::expression(&text, context);
                }
            }
        }
        if triggers.as_slice() == self.triggers(table) {
            return;
        }
        self.touch_relation(table);
        if let Some(all) = self.triggers_mut(table) {
            *all = triggers;
        }
    }

    /// A type has another name. (Columns are changed already.)
    pub(super) fn type_renamed(&mut self, before: &Name, after: &Name) {
        let replace = |uses: &Uses, text: &str| {
            let named = uses.types.iter().filter(|(_, name)| name == before);
            named
                .map(|(range, _)| {
                    let behind_dot = text.get(..range.start).is_some_and(|head| head.trim_end().ends_with('.'));
                    let name = match behind_dot || before.schema == after.schema {
                        true => quoted(&after.name),
                        false => format!("{}.{}", quoted(&after.schema), quoted(&after.name)),
                    };
                    (range.clone(), name)
                })
                .collect()
        };
        let rename = |uses: &mut Uses| {
            uses.types.iter_mut().filter(|(_, name)| name == before).for_each(|(_, name)| name.clone_from(after));
        };
        self.rewrite(&replace, &rename);
        let typed = |columns: &[(String, DataType)]| columns.iter().any(|(_, data_type)| is_type(data_type, before));
        let views: Vec<Name> =
            self.catalog.views.iter().filter(|(_, view)| typed(&view.columns)).map(|(name, _)| name.clone()).collect();
        for name in views {
            self.touch_view(&name);
            let columns = self.catalog.views.get_mut(&name).into_iter().flat_map(|view| &mut view.columns);
            columns.for_each(|(_, data_type)| swap_type(data_type, before, after));
        }
        self.routine_types_renamed(before, after);
        self.grants_moved(before, after);
        self.others_moved(before, after);
        self.owners_moved(before, after);
    }

    fn routine_types_renamed(&mut self, before: &Name, after: &Name) {
        let names = |routine: &Routine| {
            let is = |one: &DataType| one.schema.as_deref() == Some(&before.schema) && one.name == before.name;
            routine.signature.iter().any(is)
                || [&routine.arguments, &routine.returns].iter().any(|text| text.contains(&before.to_string()))
        };
        let keys: Vec<(Name, String)> =
            self.catalog.routines.iter().filter(|(_, one)| names(one)).map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.touch_routine(&key);
            let Some(mut routine) = self.catalog.routines.remove(&key) else { continue };
            routine.signature.iter_mut().for_each(|one| swap_type(one, before, after));
            for text in [&mut routine.arguments, &mut routine.returns] {
                *text = super::words::renamed_path(text, before, after);
            }
            let own = normal::signature(&routine.signature);
            let (old, new) = (routine_key(&key.0, &key.1, routine.kind), routine_key(&key.0, &own, routine.kind));
            if old != new {
                self.grants_renamed(&old, &new);
            }
            self.touch_routine(&(key.0.clone(), own.clone()));
            self.catalog.routines.insert((key.0, own), routine);
        }
    }

    /// A routine has another name: triggers call it by the new one.
    pub(super) fn routine_renamed(&mut self, before: &Name, after: &Name) {
        let old = format!("{}.{}(", quoted(&before.schema), quoted(&before.name));
        let new = format!("{}.{}(", quoted(&after.schema), quoted(&after.name));
        let tables: Vec<Name> = self.catalog.tables.keys().chain(self.catalog.views.keys()).cloned().collect();
        for table in tables {
            if !self.triggers(&table).iter().any(|one| one.action.text.starts_with(&old)) {
                continue;
            }
            self.touch_relation(&table);
            for trigger in self.triggers_mut(&table).into_iter().flatten() {
                if let Some(rest) = trigger.action.text.strip_prefix(&old) {
                    trigger.action = Expression::plain(format!("{new}{rest}"));
                }
            }
        }
        let (old, new) = (old.trim_end_matches('(').to_owned(), new.trim_end_matches('(').to_owned());
        for other in self.catalog.others.values_mut() {
            other
                .attributes
                .iter_mut()
                .filter(|(name, value)| *name == "function" && **value == old)
                .for_each(|(_, value)| value.clone_from(&new));
        }
        let replace = |uses: &Uses, text: &str| {
            let named = uses.routines.iter().filter(|(_, name)| name == before);
            named
                .filter(|(range, _)| text.get(range.clone()).is_some())
                .map(|(range, _)| (range.clone(), quoted(&after.name)))
                .collect()
        };
        let rename = |uses: &mut Uses| {
            uses.routines.iter_mut().filter(|(_, name)| name == before).for_each(|(_, name)| name.clone_from(after));
        };
        self.rewrite(&replace, &rename);
    }

    /// A routine is gone: with `CASCADE` the triggers that call it, the views and policies that use it go too.
    pub(super) fn routine_dropped(&mut self, name: &Name, routine: &Routine) {
        if !self.routines_named(Some(&name.schema), &name.name).is_empty() {
            return;
        }
        if routine.returns == "trigger" {
            let call = format!("{}.{}(", quoted(&name.schema), quoted(&name.name));
            let tables: Vec<Name> = self.catalog.tables.keys().chain(self.catalog.views.keys()).cloned().collect();
            for table in tables {
                let gone: Vec<String> = self
                    .triggers(&table)
                    .iter()
                    .filter(|one| one.action.text.starts_with(&call))
                    .map(|one| one.name.clone())
                    .collect();
                gone.iter().for_each(|one| {
                    self.remove_trigger(&table, one);
                });
            }
        }
        self.drop_users(&|uses| uses.routines.iter().any(|(_, used)| used == name));
    }

    /// A table or view is gone: views that read it go too (`CASCADE`), and its privileges.
    pub(super) fn relation_dropped(&mut self, table: &Name) {
        self.undepend(&Holder::View(table.clone()));
        self.dependencies
            .0
            .retain(|holder, _| !matches!(holder, Holder::Using(name, _) | Holder::Check(name, _) if name == table));
        self.drop_users(&|uses| uses.relations.iter().any(|(_, used)| used == table));
        self.row_type_dropped(table);
        self.grants_of_dropped(table);
        self.others_dropped(table);
    }

    /// A column is gone: views that read it go too (`CASCADE`), triggers on it as well.
    pub(super) fn column_dropped(&mut self, table: &Name, column: &str) {
        let origin =
            |one: &super::query::Column| one.origin.as_ref().is_some_and(|(name, own)| name == table && own == column);
        self.drop_users(&|uses| {
            uses.columns.iter().any(|(_, name, own, _)| name == table && own == column)
                || uses.stars.iter().any(|(_, columns)| columns.iter().any(origin))
        });
        let names = |one: &crate::engines::schema::catalog::Trigger| {
            one.columns.iter().any(|own| own == column)
                || one.condition.as_ref().is_some_and(|condition| {
                    super::words::renamed_after(&condition.text, &["new", "old"], column, "\u{1}") != condition.text
                })
        };
        let gone: Vec<String> =
            self.triggers(table).iter().filter(|one| names(one)).map(|one| one.name.clone()).collect();
        for name in gone {
            self.remove_trigger(table, &name);
        }
        self.column_grants_dropped(table, column);
    }

    /// Takes away the views and policies whose text fits.
    fn drop_users(&mut self, fits: &dyn Fn(&Uses) -> bool) {
        let gone: Vec<Holder> =
            self.dependencies.0.iter().filter(|(_, (_, uses))| fits(uses)).map(|(holder, _)| holder.clone()).collect();
        for holder in gone {
            match holder {
                Holder::View(name) => self.remove_view(&name),
                Holder::Using(table, policy) | Holder::Check(table, policy) => {
                    self.remove_policy(&table, &policy);
                }
            }
        }
    }

    /// A type is gone: routines that take or give it go too (`CASCADE`).
    pub(super) fn type_dropped(&mut self, name: &Name) {
        self.row_type_dropped(name);
        self.grants_of_dropped(name);
        self.others_dropped(name);
        self.drop_users(&|uses| uses.types.iter().any(|(_, used)| used == name));
        let uses = |one: &UserTypeKind| match one {
            UserTypeKind::Domain { base, .. } => is_type(base, name),
            _ => false,
        };
        let domains: Vec<Name> =
            self.catalog.types.iter().filter(|(_, one)| uses(&one.kind)).map(|(name, _)| name.clone()).collect();
        for domain in domains {
            self.touch_type(&domain);
            if self.catalog.types.remove(&domain).is_some() {
                self.type_dropped(&domain);
            }
        }
    }

    /// Routines with a type in their signature or result go with it.
    fn row_type_dropped(&mut self, name: &Name) {
        let path = name.to_string();
        let named = |text: &str| {
            super::words::renamed_path(text, name, &Name::new("", "\u{1}")) != text && text.contains(&path)
        };
        let gone: Vec<(Name, String)> = self
            .catalog
            .routines
            .iter()
            .filter(|(_, one)| {
                one.signature.iter().any(|one| is_type(one, name)) || named(&one.returns) || named(&one.arguments)
            })
            .map(|(key, _)| key.clone())
            .collect();
        for key in gone {
            self.remove_routine(&key);
        }
    }

    /// The type of a column changed. A view that reads the column forbids that on the server, so there is none.
    pub(super) fn column_type_changed(&mut self, table: &Name, column: &str) {
        let _ = (table, column);
    }
}

fn is_type(data_type: &DataType, name: &Name) -> bool {
    data_type.schema.as_deref() == Some(&name.schema) && data_type.name == name.name
}

fn swap_type(data_type: &mut DataType, before: &Name, after: &Name) {
    if is_type(data_type, before) {
        data_type.schema = Some(after.schema.clone());
        data_type.name.clone_from(&after.name);
    }
}

/// The text with everything replaced; edits are sorted and do not overlap.
fn edited(text: &str, edits: &Edits) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(new);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Moves ranges to where they are after the edits.
fn shift(uses: &mut Uses, edits: &Edits) {
    let place = |range: &mut Range<usize>| {
        let mut moved = range.clone();
        for (edit, new) in edits {
            if edit.end <= range.start && *edit != *range {
                moved.start = (moved.start + new.len()).saturating_sub(edit.len());
                moved.end = (moved.end + new.len()).saturating_sub(edit.len());
            } else if edit.start >= range.start && edit.end <= range.end {
                // Only the first word of `new AS old` is the name.
                let word = new.split(" AS ").next().unwrap_or(new).len();
                let length = if *edit == *range { word } else { new.len() };
                moved.end = (moved.end + length).saturating_sub(edit.len());
            }
        }
        *range = moved;
    };
    uses.relations.iter_mut().for_each(|(range, _)| place(range));
    uses.qualifiers.iter_mut().for_each(|(range, _)| place(range));
    uses.columns.iter_mut().for_each(|(range, ..)| place(range));
    uses.routines.iter_mut().for_each(|(range, _)| place(range));
    uses.types.iter_mut().for_each(|(range, _)| place(range));
    uses.stars.iter_mut().for_each(|(range, _)| place(range));
}
