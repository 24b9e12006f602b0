//! What can be wrong with the versions of two environments.
use crate::model::{Kind::Versions, Rule};

macro_rules! rules {
    ($($name:ident $base:literal $title:literal $help:literal)*) => {
        $(pub(super) static $name: &Rule = &RULES[Index::$name as usize];)*
        #[allow(clippy::upper_case_acronyms, reason = "the names are the ids of the rules")]
        enum Index { $($name),* }
        /// All rules, by id.
        pub(super) static RULES: &[Rule] =
            &[$(Rule { id: stringify!($name), kind: Versions, title: $title, base: $base, help: $help }),*];
    };
}

rules! {
    VER001 10 "A version waits for its promotion" "The target environment has an older version than the environment that promotes into it.\n\nThis is the normal state between two promotions, so it is *pending* and does not fail a build. It gains a point when it has waited longer than `maxLag` of the target.\n\nPromote the version, or see with `pilab drift A..B --pending` what the promotion would bring."
    VER002 70 "The target is newer than what promotes into it" "The target environment has a newer version than the environment before it on the promotion path.\n\nThe next promotion would take the newer version back, and what runs there may never have been tested in the earlier stage (then it gains a point).\n\nBring the version into the earlier environment, or find out who deployed past the path and why."
    VER003 50 "Not a release" "The version in the target environment does not fit `versions.tagPattern`, or, without a pattern, is a pre-release or nothing that the version scheme understands: a branch, a commit. Environments of tier dev and sandbox may have such versions.\n\nWhat a branch stands for changes under your hands, so nobody can tell later what was running.\n\nTag a release and deploy the tag. When the version is in fact a release, correct `tagPattern` or `scheme`."
    VER004 40 "Deployed in one environment only" "The module has a deployment in one of the two environments and none in the other. Missing in the target is *pending*: the promotion brings it. Missing in the environment that promotes into the target is drift: it came there past the path, or was removed too early.\n\nA module outside its `since` and `until` is not missed; what counts is the newest version that modules of the same repository have in the environment without it. When that cannot be told, the module counts as missing.\n\nDeploy it, record the deployment, remove it, or set `since` or `until` of the module."
    VER005 70 "A stage was skipped" "The version in the target environment was never in the environment before it, as far as the history of its cell tells. It is only raised when that history begins before the target got its version.\n\nThe stage exists to catch mistakes; this version was not tried there.\n\nDeploy the version to the skipped stage, or the one that is there to the target. When the stage was skipped on purpose, accept the finding with the reason."
    VER009 40 "A version waits too long" "A version has waited longer for its promotion than `maxLag` of the target environment allows (30 days when it says nothing). Each further `maxLag` adds a point, two at most.\n\nLong waits make promotions large, and fixes that are thought to be out are not.\n\nPromote it, or set a `maxLag` that you mean."
    VER010 80 "One version, two commits" "Both environments name the same version, but it was built from different commits; or the commit that was recorded with the deployment is not what the ref of the version stands for now: the tag was moved.\n\nNothing that compares version numbers can see that different code runs. What was tested is not what runs.\n\nNever move a tag. Build a new version from the commit that you want, and deploy it everywhere."
    VER011 75 "A mirror differs from what it mirrors" "An environment with `mirrors` (disaster recovery) has another version than the environment it must equal, or one of them has no deployment.\n\nWhen it has to take over, it will not behave like what it replaces.\n\nDeploy the same version to it now, and make that a part of every deployment."
}
