//! The error codes of the program, `PLnnnn`: one table for errors, `pilab explain` and the reference.
use super::{Class, Code};

macro_rules! codes {
    ($($name:ident $class:ident $title:literal $help:literal)*) => {
        $(#[doc = $title] pub static $name: Code =
            Code { id: stringify!($name), title: $title, class: Class::$class, help: $help };)*
        /// Every code, in order.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    PL0001 Failure "The text is not YAML" "A file of the config repository or of a module cannot be read as YAML. The place is where the parser gave up; the mistake is there or just above: an indentation, a quote that is not closed, a tab."
    PL0002 Failure "A key is written twice" "Two equal keys in one mapping. YAML readers keep one of them silently, and not all the same one, so pilab refuses. Delete one."
    PL0003 Failure "A limit was exceeded" "The document is larger, deeper or expands to more nodes than pilab reads (aliases can make a few lines into millions). Split the file, or write out what the aliases repeat."
    PL0004 Failure "A merge key cannot be applied" "`<<` takes a mapping, or a list of mappings. Something else stands there."
    PL0005 Failure "An anchor is not known" "An alias (`*name`) names an anchor (`&name`) that does not stand above it in the same document."
    PL0010 Failure "Not a document of pilab" "Every document of the config repository starts with `apiVersion: pilab.dev/v1` and a `kind` that pilab knows: Project, Module, Environment, Deployment, Policy, Baseline, Snapshot, Source, Release, Integration, Tenant."
    PL0011 Failure "A key is missing" "The key is required there. `pilab schema KIND` prints what a document may and must hold."
    PL0012 Failure "Unknown key" "The key means nothing at that place, so what it should do would not happen. Keys are camelCase. `pilab schema KIND` prints all of them."
    PL0013 Failure "A value of the wrong type" "The value is not what the key takes: a text where a number must stand, a word that is not one of the choices, a text that does not fit the pattern."
    PL0014 Failure "Not a name" "Names are lower case letters, digits, `.`, `_` and `-`, begin and end with a letter or digit, and have at most 63 characters, because they stand in file names, URLs and ids."
    PL0015 Failure "A secret is written as a value" "Everyone who can read the repository, and its history for ever, can read it. Write a reference (`ref: vault://…`) or a keyed digest (`digest: hmac-sha256:…`), and replace the secret: it is known now."
    PL0016 Failure "Two documents with one name" "Kind and name together must be unique in a config repository; a cell (module, environment) has one Deployment."
    PL0017 Failure "A name that is not defined" "The document names a module, environment, repository or snapshot that no document defines."
    PL0018 Failure "The promotion path goes in a circle" "An environment that promotes from itself, directly or over others, or mirrors itself, has no beginning."
    PL0019 Failure "An expression cannot be used" "A `when:` of a policy or a `{{ template }}` does not parse, or names something that does not exist there. Policies see `finding`, `module`, `env`, `from`, `to`, `project`."
    PL0020 Failure "A pattern cannot be used" "A regular expression or a glob does not parse."
    PL0021 Failure "A file cannot be read" "The file is not text in UTF-8, is larger than pilab reads, is a Git LFS pointer whose content is not here, or leads out of the repository."
    PL0022 Failure "An acceptance has ended" "The date of an accepted finding has passed; the finding counts again. Accept it anew with a reason, or fix it."
    PL0023 Failure "No config repository here" "pilab looked for `pilab.yaml`, `.pilab.yaml` or `project.yaml` of kind Project in this directory and all above it. `pilab demo` writes one to look at; `-C DIR` names another directory."
    PL0024 Failure "A cell in the wrong file" "A Deployment under `manifest/<environment>/<module>.yaml` must be of that environment and module; else its history would be another cell's."
    PL0025 Failure "A date or duration cannot be read" "Dates are RFC 3339 (`2026-11-25T12:00:00Z`) or `2026-11-25`; durations ISO 8601 (`P30D`, `PT1H`)."
    PL0027 Failure "An environment that nothing leads to" "The environment is not in `promotion.order` of the project and mirrors no other, so `pilab drift` without a range never looks at it."
    PL0101 Usage "Unknown project" "No project of that name is defined in this config repository."
    PL0102 Usage "Unknown module" "No module of that name is defined in this project."
    PL0103 Usage "Unknown snapshot" "No snapshot of that name is defined in this project."
    PL0104 Usage "Unknown environment" "No environment of that name is defined in this project."
    PL0105 Usage "A name with two meanings" "The name is an environment, a snapshot or a ref at the same time. `env:NAME`, `snap:NAME`, `ref:NAME` say which."
    PL0106 Usage "Not a range" "A range is `A..B`: two environments, two snapshots or two refs. B is looked at, A is what it should be like."
    PL0107 Usage "Unknown finding" "No finding with an id that begins so is there now. It may be resolved, or belong to a pair that is not compared."
    PL0108 Usage "An id that fits several findings" "Write more characters of the id."
    PL0109 Usage "Unknown rule or code" "`pilab explain --list` lists all."
    PL0110 Usage "Not a date and not a revision" "`--at` takes a commit, tag or branch of the config repository, or a date."
    PL0111 Usage "Unknown ref" "The tag, branch or commit is not in the repository (as far as it was fetched)."
    PL0112 Usage "Nothing to do with this" "The flags do not fit one another, or one is missing."
    PL0113 Usage "Already there" "The file or folder exists; pilab does not overwrite what it did not write."
    PL0114 Usage "The command line cannot be read" "A command, flag or value that pilab does not have stands there, or a required one is missing. `pilab help` lists commands; `pilab COMMAND --help` its flags."
    PL0115 Usage "Unknown setting" "No setting of that name exists. `pilab config list` prints all."
    PL0116 Usage "Unknown repository" "No repository of that name is defined in this project. `pilab repo list` prints all."
    PL0201 Incomplete "The clone is shallow" "The clone was cut off (`--depth`), so commits between the two versions are not here. A list made out of it would be too short without a word; pilab gives none. Fetch the whole history: `git fetch --unshallow --tags`, or in CI `fetch-depth: 0`."
    PL0202 Incomplete "A repository was not fetched" "The module's repository is not in the cache of this machine. `pilab repo fetch` brings it; nothing else uses the network. A local clone can be named under `[repos]` in `.pilab.toml`."
    PL0203 Incomplete "A version has no ref" "The version of the cell, put into the module's `refTemplate`, is no tag, branch or commit of the repository as fetched."
    PL0204 Incomplete "An object is missing" "The clone is partial or damaged: a commit, tree or blob is named but not here. `pilab repo fetch` or `git fetch --refetch` brings it."
    PL0205 Failure "Not a Git repository" "The path is no Git repository, or one that cannot be opened."
    PL0206 Permission "The repository belongs to somebody else" "The folder has another owner, and Git's `safe.directory` does not name it. Its configuration is not to be trusted: `git config --global --add safe.directory PATH` when you know it."
    PL0207 Failure "Fetching failed" "Git could not bring the repository. What Git said stands above."
    PL0208 Permission "Authentication needed" "The server wants to know who you are. pilab uses Git's own credential helpers and your ssh agent, and then a token stored with `pilab auth login HOST`."
    PL0209 Failure "A transport that is not allowed" "Repositories are fetched by https, ssh or from a local path. Others can run programs or send data in the clear."
    PL0210 Incomplete "A file is too large" "The file is larger than pilab reads into memory. It was not compared."
    PL0211 Incomplete "A link out of the repository" "A symbolic link leads out of the tree, or in a circle; it is not followed."
    PL0212 Incomplete "A Git LFS pointer" "The repository holds a pointer; the content is in LFS and not here."
    PL0213 Incomplete "A submodule" "The path is in a submodule, another repository. Name that repository as the module's `repo` to compare it."
    PL0214 Incomplete "Unrelated histories" "The two versions have no common commit, so which changes are new cannot be told from ancestry."
    PL0215 Incomplete "No history" "The config repository is no Git repository, or has no commit yet, so past states and dates are not known."
    PL0216 Incomplete "A path that is not UTF-8" "The name of the file is no UTF-8, so it cannot be named in a report; it was not compared."
    PL0217 Incomplete "A ref storage that cannot be read" "The repository keeps its refs in a format that pilab does not read. `git refs migrate --ref-format=files` converts it."
    PL0218 Failure "git is not here" "Fetching runs the `git` program, and it was not found on the PATH."
    PL0219 Incomplete "Grafts are not read" "The repository has `info/grafts`, an old way to change history. pilab reads the real history. `git replace --convert-graft-file` makes replacements of it, which pilab and Git both honour."
    PL0220 Incomplete "Objects are borrowed" "The repository reads objects of another one (`objects/info/alternates`). When that one is moved or collected, objects are missing here. `git repack -ad` and removing the file end it."
    PL0230 Incomplete "Versions without order" "The version scheme cannot tell which of the two versions is newer, and neither commit is an ancestor of the other. So whether the target is behind or ahead is not known. Set `versions.scheme` of the project or of the module, or fetch the repository."
    PL0301 Incomplete "No file for a source" "The module declares a source of environment variables, and no file of the version fits it. Nothing found is not nothing different."
    PL0302 Incomplete "A source cannot be read" "A file that holds environment variables does not parse. Its variables were not compared."
    PL0303 Incomplete "A source that is not read yet" "This kind of source is known, but this version of pilab does not read it. Its variables were not compared."
    PL0304 Incomplete "The service is not in the file" "The compose file or manifest has no such service or container."
    PL0305 Incomplete "Secrets that cannot be compared" "The digests were made with different keys, or one side has a reference only. Equal or not, nobody can tell from here."
    PL0401 Failure "A template failed" "The template does not parse, or failed while it was rendered. `pilab notes --context` prints the value that templates see."
    PL0402 Failure "A file cannot be written" "The output was not written; what stood there before is untouched."
    PL0403 Usage "A format that this command does not have" "The command's help lists its formats."
    PL0501 Failure "The settings cannot be used" "A settings file does not parse, or a key in it is not known or has a wrong value."
    PL0502 Failure "A setting that needs trust" "The key runs a program or says where credentials go, and stands in a file that the repository brought along. It is ignored until you put it into your own settings or run `pilab trust`."
    PL0503 Failure "No secret store" "The operating system offers no keyring here, and this binary was told of no other place."
    PL0900 Failure "A bug in pilab" "pilab met a state that its authors held to be impossible. Please report it with the command and the text above."
}

/// The code with this id, any case.
pub fn find(id: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|code| code.id.eq_ignore_ascii_case(id))
}
