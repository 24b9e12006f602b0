//! What applying changes means: what is lost, who waits and how long, and whose programs break.
mod column;
mod constraint;
mod cost;
mod facts;
mod mysql;
mod object;
mod part;
mod postgres;
mod sqlite;
mod table;
mod types;

use super::types::{Change, Difference, Effect, Hazard, Lock, Loss, Reach, Work};
use crate::engines::schema::catalog::{Catalog, Dialect, Key, Kind, Name};
use crate::engines::schema::{Flags, Statement};
use cost::{Cost, Op};
use facts::Facts;

/// Fills in the effects of every change, the worst first. The log is of what made the later catalog; without it, statements are taken to be as
/// plain as they can be.
pub fn weigh(changes: &mut [Change], before: &Catalog, after: &Catalog, log: &[Statement]) {
    let facts = Facts::new(changes, before, after, log);
    for change in changes {
        let subject = Subject::new(&facts, change);
        let mut effects = subject.effects();
        if effects.is_empty() {
            effects.push(subject.effect(Hazard::OtherChanged, Op::Free, format!("{} is changed", subject.label())));
        }
        effects.sort_by_key(|effect| std::cmp::Reverse(weight(effect)));
        effects.dedup();
        change.effects = effects;
    }
}

/// How bad an effect is.
fn weight(effect: &Effect) -> (u32, std::cmp::Reverse<Hazard>) {
    let lock = match effect.lock {
        Lock::None | Lock::Structure => 0,
        Lock::Writes => 2,
        Lock::All => 3,
    };
    let work = match effect.work {
        Work::Instant => 0,
        Work::Scan => 1,
        Work::Build => 2,
        Work::Rewrite => 3,
    };
    let loss = match effect.loss {
        Loss::None => 0,
        Loss::Recoverable => 10,
        Loss::Data => 400,
    };
    let reach = if effect.reach == Reach::Break { 200 } else { 0 };
    let hazard = match effect.hazard {
        Hazard::ConcurrentlyInTransaction => 350,
        Hazard::NotNullAdded | Hazard::RequiredColumnAdded | Hazard::TypeConverted | Hazard::RowSecurityWeakened => 150,
        Hazard::UniqueAdded | Hazard::CheckAdded | Hazard::ForeignKeyAdded | Hazard::PrimaryKeyChanged => 120,
        Hazard::Added | Hazard::Cosmetic => 0,
        _ => 5,
    };
    (loss + reach + hazard + lock * work * 10 + lock, std::cmp::Reverse(effect.hazard))
}

/// A change with what is known around it.
struct Subject<'a> {
    facts: &'a Facts<'a>,
    change: &'a Change,
    flags: Flags,
}

impl<'a> Subject<'a> {
    fn new(facts: &'a Facts<'a>, change: &'a Change) -> Subject<'a> {
        Subject { facts, change, flags: facts.flags(change) }
    }

    fn dialect(&self) -> Dialect {
        self.facts.after.server.dialect
    }

    fn is_postgres(&self) -> bool {
        self.dialect() == Dialect::Postgres
    }

    fn key(&self) -> &'a Key {
        &self.change.key
    }

    /// The table that it is, or belongs to.
    fn table(&self) -> Name {
        self.change.key.table_name().unwrap_or_default()
    }

    /// Its name for people.
    fn name(&self) -> String {
        short(&self.change.key)
    }

    /// Its kind and name for people.
    fn label(&self) -> String {
        format!("{} {}", self.change.key.kind.word(), self.name())
    }

    /// Attributes that differ.
    fn attributes(&self) -> &'a [(String, Option<String>, Option<String>)] {
        match &self.change.difference {
            Difference::Altered { attributes, .. } | Difference::Replaced { attributes } => attributes,
            _ => &[],
        }
    }

    /// An effect that loses nothing and breaks nothing.
    fn effect(&self, hazard: Hazard, op: Op, fact: String) -> Effect {
        self.with_partners(hazard, op, fact, &[])
    }

    /// An effect that locks other tables too.
    fn with_partners(&self, hazard: Hazard, op: Op, fact: String, partners: &[Name]) -> Effect {
        let table = self.table();
        let new = self.facts.is_new(&table);
        let cost = if new { Cost::FREE } else { Cost::of(self.facts.after.server, op) };
        self.priced(if new { Hazard::Added } else { hazard }, cost, fact, &table, partners)
    }

    /// An effect of a known cost on a table.
    fn priced(&self, hazard: Hazard, cost: Cost, fact: String, table: &Name, partners: &[Name]) -> Effect {
        let partners: Vec<String> = partners.iter().filter(|other| *other != table).map(show).collect();
        let lock = cost.say(self.dialect(), &show(table), &partners);
        let because = if lock.is_empty() { fact } else { format!("{fact}: {lock}") };
        Effect {
            hazard,
            loss: Loss::None,
            lock: cost.lock,
            work: cost.work,
            reach: Reach::Compatible,
            because,
            advice: String::new(),
        }
    }

    fn effects(&self) -> Vec<Effect> {
        match self.key().kind {
            Kind::Table => table::effects(self),
            Kind::Column => column::effects(self),
            Kind::Constraint => constraint::effects(self),
            Kind::Index => part::index(self),
            Kind::Trigger => part::trigger(self),
            Kind::Policy => part::policy(self),
            _ => object::effects(self),
        }
    }
}

impl Effect {
    fn losing(mut self, loss: Loss) -> Effect {
        self.loss = loss;
        self
    }

    fn reaching(mut self, reach: Reach) -> Effect {
        self.reach = reach;
        self
    }

    fn advise(mut self, advice: &str) -> Effect {
        if !self.advice.is_empty() && !advice.is_empty() {
            self.advice.push_str("; ");
        }
        self.advice.push_str(advice);
        self
    }
}

/// A name for people: `public` goes without saying.
pub(super) fn show(name: &Name) -> String {
    let text = name.to_string();
    text.strip_prefix("public.").map_or_else(|| text.clone(), str::to_owned)
}

/// A key for people.
pub(super) fn short(key: &Key) -> String {
    let text = key.to_string();
    text.strip_prefix("public.").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests;
