//! Changes and their effects, as values.
use crate::engines::schema::catalog::{Key, Place};
use serde::{Deserialize, Serialize};

/// How sure a change is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Both sides are known.
    #[default]
    Exact,
    /// A rename that was not seen but inferred.
    Guess,
    /// A statement that is not modelled touches the object: the change may be another one, or none.
    Partial,
}

/// Why two names are held for one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The replay saw the statement.
    Seen(Place),
    /// It was inferred: what speaks for it, in words, and how much, 0 to 100.
    Alike {
        /// In words: `same type, same position, only one column went and one came`.
        reason: String,
        /// Percent.
        score: u8,
    },
}

/// What happened to an object between two catalogs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Only the later has it.
    Created,
    /// Only the earlier has it.
    Dropped,
    /// Both have it, under one name or two.
    Altered {
        /// The earlier key, where it is another one.
        renamed_from: Option<(Key, Evidence)>,
        /// Attribute, earlier value, later value (normal form); by name.
        attributes: Vec<(String, Option<String>, Option<String>)>,
    },
    /// Both have one of this name, but it is another object: it was dropped and made anew. Attributes as above.
    Replaced {
        /// Attribute, earlier value, later value; empty when the new one is like the old one (its data are gone all the same).
        attributes: Vec<(String, Option<String>, Option<String>)>,
    },
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The object: its later key, or the earlier when it is gone.
    pub key: Key,
    /// What happened.
    pub difference: Difference,
    /// The statements that made the difference, in order, as far as they are known.
    pub places: Vec<Place>,
    /// How sure it is.
    pub certainty: Certainty,
    /// What it means to apply it; the worst first.
    pub effects: Vec<Effect>,
}

/// What is lost of the data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Nothing.
    #[default]
    None,
    /// Can be made again (an index, a view, a constraint).
    Recoverable,
    /// Data are gone.
    Data,
}

/// The strongest lock on a table that exists already. Others than PostgreSQL are mapped to what they keep from whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lock {
    /// None that anyone notices.
    #[default]
    None,
    /// Keeps only other changes of the structure away (`SHARE UPDATE EXCLUSIVE`).
    Structure,
    /// Keeps writers away (`SHARE`, `SHARE ROW EXCLUSIVE`; MySQL `LOCK=SHARED`).
    Writes,
    /// Keeps everybody away (`ACCESS EXCLUSIVE`; MySQL copy with exclusive lock).
    All,
}

/// How long the lock is held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// A moment.
    #[default]
    Instant,
    /// All rows are read.
    Scan,
    /// An index is built.
    Build,
    /// The table is written anew.
    Rewrite,
}

/// Whether programs of the other version still run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Old and new programs run.
    #[default]
    Compatible,
    /// New programs need it, old ones run.
    Expand,
    /// Old programs may fail.
    Break,
}

/// What may go wrong. Each is one rule of those who report it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hazard {
    // Data are gone.
    /// A table is dropped.
    TableDropped,
    /// A column is dropped.
    ColumnDropped,
    /// A schema is dropped.
    SchemaDropped,
    /// An object was dropped and made anew under its name: what it held is gone.
    Recreated,
    /// A type that holds less: shorter, less precise, fewer labels.
    TypeNarrowed,
    /// A label of an enum is removed.
    EnumLabelRemoved,
    /// The primary key is dropped or made of other columns.
    PrimaryKeyChanged,
    /// A sequence is dropped or its type is smaller.
    SequenceDropped,
    // May fail on the data that are there.
    /// A column must not be null any more.
    NotNullAdded,
    /// A column that must not be null and has no default is added.
    RequiredColumnAdded,
    /// A unique constraint or index, primary key or exclusion is added to a table that exists.
    UniqueAdded,
    /// A check is added to a table that exists.
    CheckAdded,
    /// A foreign key is added to a table that exists.
    ForeignKeyAdded,
    /// A type is changed in a way that may refuse values.
    TypeConverted,
    // Locks or writes the table anew.
    /// The table is written anew (type, volatile default, stored generated or identity column, collation).
    TableRewritten,
    /// An index is built while writers wait.
    IndexBlocksWrites,
    /// An index is built or dropped concurrently in a transaction: the statement fails.
    ConcurrentlyInTransaction,
    // Programs that run may break.
    /// A table or view is renamed, or moved to another schema.
    TableRenamed,
    /// A column is renamed.
    ColumnRenamed,
    /// A default is dropped or changed.
    DefaultChanged,
    /// A type is changed, and programs see another one.
    TypeChanged,
    /// A view is dropped or has other columns.
    ViewChanged,
    /// A routine is dropped, or gives or takes something else.
    RoutineChanged,
    /// A trigger is added, changed or dropped.
    TriggerChanged,
    /// A generated expression is changed.
    GeneratedChanged,
    /// An enum or domain is changed in another way (label added or renamed, order, check).
    UserTypeChanged,
    // Who may see what.
    /// Row-level security is switched off, or a policy is dropped or lets more through.
    RowSecurityWeakened,
    /// Row-level security is switched on, or a policy is added or changed.
    RowSecurityChanged,
    /// Privileges are given or taken.
    PrivilegesChanged,
    // Needs care.
    /// An index is dropped.
    IndexDropped,
    /// A constraint is dropped.
    ConstraintDropped,
    /// A constraint stays unchecked.
    ConstraintNotValid,
    /// A constraint changes its conditions or actions.
    ConstraintChanged,
    /// Partitions are changed.
    PartitionChanged,
    /// An extension is added, moved or dropped.
    ExtensionChanged,
    /// Something else is changed that is compared by its text.
    OtherChanged,
    // Safe.
    /// Something new that nobody can miss: table, column that may be null, index on a new table, type, routine.
    Added,
    /// Something that only has another name or description: index, constraint, comment, column order.
    Cosmetic,
}

/// What one change means where it is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What may go wrong.
    pub hazard: Hazard,
    /// What is lost.
    pub loss: Loss,
    /// What waits.
    pub lock: Lock,
    /// How long.
    pub work: Work,
    /// Whether running programs break.
    pub reach: Reach,
    /// Facts, one line, no full stop: `ACCESS EXCLUSIVE on orders while it is written anew`.
    pub because: String,
    /// A way that is safer, one line; empty when there is none.
    pub advice: String,
}
