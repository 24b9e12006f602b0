//! The `ENV` rules as data. 002, 003, 014, 015, 016 and 018 are kept for what a scan of the code's reads can tell.
//!
//! The bases follow one thought: what certainly breaks or leaks starts above 6, what may break at 4 to 5, what is only odd
//! at 3, what a promotion brings at 2. Tier and mirror add at most 3, so that a plain difference is medium in production
//! and high only in a mirror, or where a policy says that the module matters.
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
    ENV001 50 "A variable is missing" "The left side sets the variable and the right side does not, both read at the same version of the module. So no promotion will bring it.\n\nCode that reads it falls back to a default that was never tried, or fails when it starts, or later when it first asks.\n\nSet it on the right, or remove it on the left. Where it is meant for one environment only, name it under `mayDiffer` of a policy."
    ENV004 30 "A variable is extra" "The right side sets the variable and the left side does not, both read at the same version of the module.\n\nWhat it does was never tried in the environment before it; often it is left over from something that is gone, or was set by hand in an incident.\n\nSet it on the left too, delete it, or name it under `mayDiffer` of a policy."
    ENV005 40 "A value differs" "Both sides set the variable at the same version, to values that neither the environments' own words (`tokens`) nor another way of writing the same explain. A log level, a UUID or a mail address weighs less.\n\nWhat was tested with one value runs with another.\n\nMake them equal, or name the variable under `mayDiffer` of a policy, with the reason that it must differ."
    ENV006 0 "A value differs by design" "The difference is explained: by the environments' own names and `tokens`, by the module's own version in the value, or by `mayDiffer` of a policy. The finding says by which.\n\nIt is listed so that an explanation that goes too far can be seen; it never counts.\n\nNothing to do. A variable under `mustEqual` of a policy is never explained away."
    ENV007 60 "A value of another environment" "The value holds, as a whole word, the name or a token of an environment that is not its own: staging's host in production. Words that its own environment has too do not count, nor do modes of frameworks (`NODE_ENV=production`), `/dev/…` and public hosts that end in `.dev`.\n\nData may flow from one environment into the other, and nothing fails that would show it.\n\nPoint the variable at its own environment. Where the word is a coincidence, choose `tokens` that are less common, or accept the finding."
    ENV008 50 "A value changes its type" "Both sides set the variable; one value is a number, a boolean or a URL and the other is none. Empty values do not count.\n\nA parser that takes the one refuses the other, mostly when the program starts in the environment that was not tested.\n\nWrite both alike. `1` and `true`, too, are two types for many programs."
    ENV009 30 "Empty against not set" "One side sets the variable to nothing, the other does not set it at all.\n\nPrograms treat the two differently: a default stands in for what is not set, and mostly not for what is empty. The difference is easily overlooked, because both look like nothing.\n\nChoose one of the two for both sides."
    ENV010 75 "Equal where it must differ" "A secret is the same in production and outside of it, or a variable that `mustDiffer` of a policy names is the same on both sides. One definition that all environments share is not reported.\n\nWho can read the weaker environment has the key of the stronger one.\n\nGive each environment its own value, and replace the one that is known by now."
    ENV011 40 "A secret reference differs" "Both sides name a secret by reference, at places that differ in more than the environments' own words. The secrets themselves are not compared: they are not here.\n\nOne of the two may point at a secret of another module, or at an old place.\n\nCheck that both are right. Follow one scheme, so that only the environment's word differs, and the difference becomes expected."
    ENV012 50 "A literal on one side, a secret on the other" "One side writes the value down where everyone with the file reads it; the other keeps it as a secret.\n\nEither it is a secret, and then it is known to too many, or it is none, and then it was not compared with anything that was tested.\n\nKeep it as a secret on both sides, and replace it when it was one."
    ENV013 60 "A secret in plain text" "The name of the variable says that it is a secret (`…_PASSWORD`, `…_TOKEN`, `API_KEY`, …), or the value carries a password in a URL or a private key, and it stands in the open: in a `.env` or Compose file, a literal of a manifest, a ConfigMap. Keys of a Secret do not count.\n\nEveryone who can read the repository, and its history for ever, has it.\n\nMove it into a secret store, reference it, and replace it."
    ENV017 70 "A placeholder or localhost in production" "A value in an environment of tier prod holds, as a word, `changeme`, `todo`, `fixme`, `placeholder`, `xxx`, `tbd`, `localhost` or `127.0.0.1`.\n\nSomebody meant to fill it in. With localhost the program talks to itself; next to a sidecar that may be right, so it weighs less.\n\nSet the real value, or accept the finding for a sidecar."
    ENV021 20 "The promotion adds a variable" "The version to be promoted sets a variable in the target environment that the version there does not set. Between two plain refs: the newer one sets it and the older one does not. Values of secrets are not shown.\n\nIt is *pending*: it comes with the promotion and is no drift.\n\nMake sure that the value is right for the target before the promotion."
    ENV022 20 "The promotion removes a variable" "The version to be promoted no longer sets a variable that the version in the target environment sets. Between two plain refs: the newer one no longer sets it.\n\nIt is *pending*: it goes with the promotion. What else reads the variable (a sidecar, a job, a script) loses it then.\n\nMake sure that nothing else needs it."
    ENV023 20 "The promotion changes a value" "The version to be promoted sets a variable of the target environment to another value than the version there. Where the difference is nothing but the module's own version, it weighs nothing.\n\nIt is *pending*: it comes with the promotion and is no drift.\n\nMake sure that the new value is meant for the target."
}

/// The rule as it stands in the table.
pub(super) fn rule(wanted: &Rule) -> &'static Rule {
    RULES.iter().find(|rule| rule.id == wanted.id).unwrap_or(&RULES[0])
}
