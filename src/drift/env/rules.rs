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
    ENV001 50 "A variable is missing" "The variable is set on the left and not on the right, with the same version of the module on both sides.\n\nCode that reads it falls back to a default there, or fails to start. It is about `(all)` modules when it is declared for a whole environment and no module's own sources name it.\n\nSet it on the right, or remove it on the left. When it may be missing, say so in a policy (`mayDiffer`)."
    ENV004 30 "A variable is extra" "The variable is set on the right and not on the left, with the same version of the module on both sides.\n\nWhat the left environment never had was never tested there. Often it is left over from a version that is gone.\n\nSet it on the left too, or delete it on the right. When only one side may have it, say so in a policy (`mayDiffer`)."
    ENV005 50 "A value differs" "Both sides set the variable, to values that the environments' own words (`tokens`) do not explain.\n\nTwo ways of writing the same are no difference: default ports of URLs, `true` and `yes`, `1` and `1.0`, JSON with other spaces. A value that holds the version of each side is none either.\n\nMake the values equal, add the missing word to `tokens` of the environment, or say in a policy that it may differ (`mayDiffer`)."
    ENV006 0 "A value differs by design" "The values differ, and it is known why: by the environments' own words (`tokens`), by the version that each side runs, or by a policy (`mayDiffer`).\n\nSuch a difference does not count for `--fail-on`; `--expected` lists it with its reason.\n\nNothing is to be done. When the values must be equal all the same, name the variable under `mustEqual` of a policy."
    ENV007 60 "A value of another environment" "The value holds a word (`tokens`, or the name) that belongs to another environment, such as the host of staging in production.\n\nData may flow from one environment into the other. A mirror may hold the words of what it mirrors, and a way of running such as `NODE_ENV=production` is the word of no environment. Three points less when both sides take it from the same line.\n\nPoint it at its own environment. When the word is no word of that environment alone, take it out of its `tokens`."
    ENV008 50 "A value changes its type" "One side is a number, a boolean or a URL, and the other is something else.\n\nA parser that accepts the one refuses the other, mostly when the program starts. The usual cause is a slip of the pen, or quotes that became a part of the value.\n\nWrite both sides alike."
    ENV009 30 "Empty against not set" "One side sets the variable to nothing, the other side does not set it at all.\n\nCode with a default for a missing variable takes the default on the one side and nothing on the other (`${A-x}` against `${A:-x}`).\n\nChoose one of the two for both sides."
    ENV010 75 "Equal where it must differ" "A secret, or a variable named under `mustDiffer` of a policy, is the same in both environments. Secrets are compared by keyed hash and never shown.\n\nWho has it in the one environment has it in the other: a leak in a test environment opens production.\n\nGive each environment its own, and turn the old one off."
    ENV011 40 "A secret reference differs" "Both sides name a secret in a store, at places that differ in more than the environments' own words.\n\nWhat is behind the references is not read, so the secret may be the wrong one, or of another environment.\n\nCheck that each is the right one, and name the places alike; or say in a policy that it may differ (`mayDiffer`)."
    ENV012 50 "A literal on one side, a secret on the other" "One side writes the value down, the other side takes it from a store of secrets.\n\nEither the value is a secret, and stands open on one side; or the one side still has a placeholder, because nobody declared the secret for it.\n\nKeep it in the store on both sides, or on none."
    ENV013 60 "A secret in plain text" "The name of the variable says that it is a secret, and the value stands in a file that everyone who can read the repository can read. Three points less when all environments take it from the same line.\n\nHistory keeps it even after it is deleted.\n\nTurn the secret off, make a new one, and refer to it in a store (`ref`) instead of writing it down."
    ENV017 70 "A placeholder or localhost in production" "The value holds `changeme`, `TODO`, `localhost` or the like, in an environment of tier prod. Five points less when the environment before it takes it from the same line: then it is a default of the code and not a slip in production.\n\nWhat was forgotten works in tests, where the default is right, and fails for customers.\n\nSet the real value for production. When the default is right there, accept the finding and say why."
    ENV021 20 "The promotion adds a variable" "The version that would be promoted sets a variable that is not set in the target now. Between two plain refs: the newer one adds it.\n\nIt comes with the promotion (*pending*), with the value that the files of the version give it in the target.\n\nMake sure that this value is right there, and that nothing has to be prepared for it."
    ENV022 20 "The promotion removes a variable" "The version that would be promoted no longer sets a variable that is set in the target now. Between two plain refs: the newer one removes it.\n\nIt goes with the promotion (*pending*). Other programs that read it, scripts and dashboards among them, lose it.\n\nMake sure that nothing else reads it."
    ENV023 20 "The promotion changes a value" "The version that would be promoted sets the variable to another value than it has in the target now. Between two plain refs: the newer one changes it.\n\nIt changes with the promotion (*pending*). A value that only follows the version is expected and not told here.\n\nMake sure that the new value is meant for the target too."
}

/// The rule as it stands in the table.
pub(super) fn rule(wanted: &Rule) -> &'static Rule {
    RULES.iter().find(|rule| rule.id == wanted.id).unwrap_or(&RULES[0])
}
