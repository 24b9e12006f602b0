//! What can be between the code of two versions.
use crate::model::{Kind, Rule};

rules! {
    Code
    CODE001 10 "Commits wait" "Commits under the module's paths are in the one version and not in the other. Between two environments they wait for the promotion (*pending*); in a mirror they are drift; between two plain refs they are the *change* that was asked for.\n\nMerges, commits whose twin is already there (cherry-picks), and a commit together with its revert are not counted. Migrations, charts and interface definitions add a point, fixes add another: then waiting costs more.\n\nRead them with `pilab notes A..B`, and promote."
    CODE002 70 "A commit would be lost" "The version in the target has a commit that the version to be promoted lacks, and no twin of it either (by trailer, patch, pull request, or title with files). Mostly a hotfix that was made on a release branch and never brought back.\n\nThe promotion takes the fix away without a word.\n\nBring the commit into the branch that releases are made from (`git cherry-pick -x`), release, and promote that. When the fix is there in another form, accept the finding and say where."
    CODE003 60 "The promotion would take commits back" "The version in the target contains everything of the version to be promoted, and more commits on top. For a mirror: it has commits that its original lacks.\n\nWhat is called a promotion would be a rollback.\n\nFind out why the target is ahead (`VER002`), and bring its version into the earlier environment."
    CODE004 20 "Backported with changes" "A commit of the target has a twin in the other version, but the two do not change the same lines. Twins known only by title and files, or by author and date, are called likely.\n\nBackports are often adapted, and rightly so; but the adapted form disappears with the promotion.\n\nCompare the two commits with `git range-diff` or `git diff`, and accept the finding when the newer form does all that the older one did."
}
