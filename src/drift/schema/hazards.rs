//! Which rule tells which hazard.
use super::rules::*;
use crate::engines::schema::change::Hazard;
use crate::model::Rule;

/// The rule of a hazard.
pub(super) fn rule(hazard: Hazard) -> &'static Rule {
    match hazard {
        Hazard::TableDropped => DB001,
        Hazard::ColumnDropped => DB002,
        Hazard::SchemaDropped => DB003,
        Hazard::Recreated => DB004,
        Hazard::TypeNarrowed => DB005,
        Hazard::EnumLabelRemoved => DB006,
        Hazard::PrimaryKeyChanged => DB007,
        Hazard::SequenceDropped => DB008,
        Hazard::NotNullAdded => DB010,
        Hazard::RequiredColumnAdded => DB011,
        Hazard::UniqueAdded => DB012,
        Hazard::CheckAdded => DB013,
        Hazard::ForeignKeyAdded => DB014,
        Hazard::TypeConverted => DB015,
        Hazard::TableRewritten => DB020,
        Hazard::IndexBlocksWrites => DB021,
        Hazard::ConcurrentlyInTransaction => DB022,
        Hazard::TableRenamed => DB030,
        Hazard::ColumnRenamed => DB031,
        Hazard::DefaultChanged => DB032,
        Hazard::TypeChanged => DB033,
        Hazard::ViewChanged => DB034,
        Hazard::RoutineChanged => DB035,
        Hazard::TriggerChanged => DB036,
        Hazard::GeneratedChanged => DB037,
        Hazard::UserTypeChanged => DB038,
        Hazard::RowSecurityWeakened => DB040,
        Hazard::RowSecurityChanged => DB041,
        Hazard::PrivilegesChanged => DB042,
        Hazard::IndexDropped => DB050,
        Hazard::ConstraintDropped => DB051,
        Hazard::ConstraintNotValid => DB052,
        Hazard::ConstraintChanged => DB053,
        Hazard::PartitionChanged => DB054,
        Hazard::ExtensionChanged => DB055,
        Hazard::OtherChanged => DB056,
        Hazard::Added => DB060,
        Hazard::Cosmetic => DB061,
    }
}
