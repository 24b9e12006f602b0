//! The `ENV` rules as data. 002, 003, 014, 015, 016 and 018 are kept for what a scan of the code's reads can tell.
use crate::model::{Kind, Rule};

macro_rules! rules {
    ($($name:ident $base:literal $title:literal $help:literal)*) => {
        /// Every rule of this kind.
        pub(super) static RULES: &[Rule] = &[$($name),*];
        $(pub(super) const $name: Rule =
            Rule { id: stringify!($name), kind: Kind::Env, title: $title, base: $base, help: $help };)*
    };
}

rules! {
    ENV001 50 "A variable is missing" "Set on the left, not set on the right, with the same version on both. Code that reads it falls back to a default or fails to start. Set it on the right, or remove it on the left."
    ENV004 30 "A variable is extra" "Set on the right, not on the left. It was never tested there. Set it on the left too, or delete what is left over."
    ENV005 50 "A value differs" "Both sides set it, to values that no environment's own words explain. Make them equal, or say in a policy that it may differ."
    ENV006 0 "A value differs by design" "The environments' own words (`tokens`) or a policy (`mayDiffer`) explain the difference. Nothing to do."
    ENV007 60 "A value of another environment" "The value holds a word that belongs to another environment, such as staging's host in production: data may flow across. Point it at its own environment."
    ENV008 50 "A value changes its type" "One side is a number, boolean or URL and the other is not, so a parser accepts one and refuses the other. Write both alike."
    ENV009 30 "Empty against not set" "One side sets it to nothing, the other does not set it. Code with a default treats the two differently. Choose one."
    ENV010 75 "Equal where it must differ" "A secret or a variable named under `mustDiffer` is the same in both environments, so who has one has the other. Give each its own."
    ENV011 40 "A secret reference differs" "Both sides name a secret, at places that differ in more than the environments' own words. Check that it is the right one."
    ENV012 50 "A literal on one side, a secret on the other" "One side writes the value down, the other keeps it secret. Keep it secret on both."
    ENV013 60 "A secret in plain text" "The name says secret, and the value stands in a file that everyone with the repository can read. Move it to a secret store and replace it."
    ENV017 70 "A placeholder or localhost in production" "`changeme`, `TODO`, `localhost` and the like do not belong into production. Set the real value."
    ENV021 20 "The promotion adds a variable" "The version brings a variable that is not set now. Make sure that its value is right there."
    ENV022 20 "The promotion removes a variable" "The version no longer sets it. Make sure that nothing else reads it."
    ENV023 20 "The promotion changes a value" "The version sets it to another value than now. Make sure that it is meant."
}

/// The rule as it stands in the table.
pub(super) fn rule(wanted: &Rule) -> &'static Rule {
    RULES.iter().find(|rule| rule.id == wanted.id).unwrap_or(&RULES[0])
}
