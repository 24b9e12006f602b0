//! The catalog: everything that a database knows about its structure, in the form in which it is compared.
mod key;
mod objects;
mod other;
mod routine;
mod server;
mod table;
mod types;
mod view;

pub use key::{Key, Kind, Name};
pub use objects::Object;
pub use other::{Extension, Grant, Other, Schema, Sequence};
pub use routine::{Routine, RoutineKind, Trigger};
pub use server::{Dialect, Server};
pub use table::{
    Action, Column, Constraint, ConstraintKind, ForeignKey, Generated, Identity, Index, Key as IndexKey, Partitioning,
    Policy, Table,
};
pub use types::{DataType, Expression, UserType, UserTypeKind};
pub use view::View;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A line of a file that made or changed something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Path of the file as the chain names it.
    pub file: Arc<str>,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: u32,
}

/// Identity of an object from its creation on: renames keep it, dropping and creating anew does not. It is made of the step and the name at the
/// creation, so that two replays that share a beginning give the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(pub u64);

/// What every object has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Identity; 0 when it was read from a live database.
    pub id: Id,
    /// Statements that made or changed it, in order.
    pub places: Vec<Place>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A statement that changes the structure and is not modelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmodelled {
    /// Where it stands.
    pub place: Place,
    /// Its first words, as `DO`, `CREATE OPERATOR`.
    pub verb: String,
    /// Why it could not be applied, in words; the server's or parser's own words where there are some.
    pub reason: String,
    /// What it may have changed.
    pub touches: Touches,
}

/// What an unmodelled statement may have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Touches {
    /// Nothing that a catalog holds (the statement was looked at: it only changes or checks data).
    Nothing,
    /// These objects, and what belongs to them.
    Objects(Vec<Key>),
    /// Perhaps anything.
    Anything,
}

/// A database's structure. Every map is keyed by what is unique on the server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Whose rules hold.
    pub server: Server,
    /// Schemas (PostgreSQL); empty for the other dialects.
    pub schemas: BTreeMap<String, Schema>,
    /// Extensions by name.
    pub extensions: BTreeMap<String, Extension>,
    /// Enums, domains, composite types and ranges.
    #[serde(with = "pairs")]
    pub types: BTreeMap<Name, UserType>,
    /// Tables: plain, partitioned, partitions, foreign.
    #[serde(with = "pairs")]
    pub tables: BTreeMap<Name, Table>,
    /// Views and materialised views.
    #[serde(with = "pairs")]
    pub views: BTreeMap<Name, View>,
    /// Sequences, those of identity columns left out (they belong to the column).
    #[serde(with = "pairs")]
    pub sequences: BTreeMap<Name, Sequence>,
    /// Functions, procedures, aggregates by name and identity arguments (`integer, text`).
    #[serde(with = "pairs")]
    pub routines: BTreeMap<(Name, String), Routine>,
    /// Privileges, by the object, the grantee and, for columns, the column.
    #[serde(with = "pairs")]
    pub grants: BTreeMap<Key, Grant>,
    /// Everything that is compared by its text alone: rules, event triggers, publications, statistics, collations, casts, operators, events …
    #[serde(with = "pairs")]
    pub others: BTreeMap<Key, Other>,
    /// Statements that could not be applied.
    pub unmodelled: Vec<Unmodelled>,
}

/// Maps whose keys are no strings, as lists of pairs (JSON has string keys only).
mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

impl Catalog {
    /// An empty catalog of this server. PostgreSQL has the schema `public` from the beginning.
    pub fn new(server: Server) -> Catalog {
        let mut catalog = Catalog { server, ..Catalog::default() };
        if server.dialect == Dialect::Postgres {
            catalog.schemas.insert("public".to_owned(), Schema::default());
        }
        catalog
    }
}

impl Meta {
    /// A new object.
    pub fn new(id: Id, place: Place) -> Meta {
        Meta { id, places: vec![place], comment: None }
    }
}

impl Id {
    /// The identity of what `step` creates under this key; `nth` counts creations of the same key in the step, from 0.
    pub fn new(step: &str, key: &Key, nth: u32) -> Id {
        // FNV-1a, 64 bits: short, the same on every machine, and nobody gains by a collision.
        let text = format!("{step}\0{key:?}\0{nth}");
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Id(hash.max(1))
    }
}
