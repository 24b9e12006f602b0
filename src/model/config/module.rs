//! Kind Module: a part of the project that is versioned and deployed by itself.
use super::{Metadata, Scalar, Versions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Module {
    /// `pilab.dev/v1`.
    pub api_version: String,
    /// `Module`.
    pub kind: String,
    /// Name, owner, labels.
    pub metadata: Metadata,
    /// Where it lives and what it is made of.
    pub spec: ModuleSpec,
}

/// What a module is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ModuleKind {
    /// A program that runs and answers.
    Service,
    /// Code that others build in.
    Library,
    /// A database and its schema.
    Database,
    /// A Helm chart.
    Chart,
    /// Infrastructure as code.
    Infra,
    /// A program that runs and ends.
    Job,
    /// A user interface.
    Frontend,
    /// Anything else.
    Other,
}

/// Where a module lives and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ModuleSpec {
    /// What it is.
    pub kind: ModuleKind,
    /// Name of its repository under `repos` of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<String>,
    /// Folder or glob of its code in the repository; the whole repository when neither `path` nor `paths` is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// More folders or globs; those that begin with `!` are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Template from version to Git ref; `{{ version }}`, `{{ module.name }}`. Default `{{ version }}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_template: Option<String>,
    /// Version scheme of this module, when not the project's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
    /// Container images built from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageSpec>,
    /// Modules that it needs at run time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// First version in which it exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// First version in which it no longer exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Its Helm chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<ChartSpec>,
    /// Its kustomization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kustomize: Option<KustomizeSpec>,
    /// Its plain Kubernetes manifests: files or globs, templates of `env.name`; a trailing `?` makes one optional.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manifests: Vec<String>,
    /// Its database schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<SchemaSpec>,
    /// Its Terraform code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terraform: Option<TerraformSpec>,
    /// Sources of its environment variables; later ones win. An empty list says that it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<EnvSource>>,
    /// The scan of what its code reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_refs: Option<CodeRefs>,
}

/// A container image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ImageSpec {
    /// Repository without tag.
    pub name: String,
    /// Template from version to tag; default `{{ version }}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_template: Option<String>,
}

/// A Helm chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChartSpec {
    /// Folder of the chart, or its `.tgz`; template of `version`.
    pub path: String,
    /// `config` when the chart lies in the config repository; the module's repository when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^config$"))]
    pub repo: Option<String>,
    /// Release name, template of `env.name`; the module's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Namespace, template of `env.name`; that of the environment's cluster when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Values files in order, later ones win.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValuesFile>,
    /// Values set last, as `--set` does it: path to text, template of `version` and `env.name` (`image.tag: "{{ version }}"`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Scalar>,
    /// Whose behaviour is followed where they differ: `3` or `4` (the default).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helm: Option<HelmVersion>,
    /// Globs of manifests that were rendered into the repository, relative to the chart's folder. Where they are named, they are read and
    /// the chart is not rendered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rendered: Vec<String>,
}

impl ChartSpec {
    /// The globs of the rendered manifests from the root of the repository.
    pub fn rendered_globs(&self) -> Vec<String> {
        let folder = self.path.trim_matches('/');
        let inside = |pattern: &String| match folder {
            "" | "." => pattern.clone(),
            folder => format!("{folder}/{pattern}"),
        };
        self.rendered.iter().map(inside).collect()
    }
}

/// Whose behaviour is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum HelmVersion {
    /// Helm 3.
    #[serde(rename = "3")]
    Helm3,
    /// Helm 4.
    #[serde(rename = "4")]
    Helm4,
}

/// A values file: its path relative to the chart's folder, or to the root of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ValuesFile {
    /// Relative to the chart's folder (`/` in front: to the root of its repository); template of `env.name`, `env.tier`, `module.name`, `version`. A
    /// trailing `?` makes it optional.
    Path(String),
    /// In a repository.
    In(ValuesIn),
}

/// A values file in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ValuesIn {
    /// Path from the root of the repository; template as above. A trailing `?` makes it optional.
    pub file: String,
    /// `config` for the config repository; the module's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^config$"))]
    pub repo: Option<String>,
}

/// A kustomization in the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KustomizeSpec {
    /// Folder of the overlay, template of `env.name`.
    pub path: String,
}

/// A database schema in the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SchemaSpec {
    /// Whose SQL it is; told from the migrations when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<SchemaDialect>,
    /// Version of the server, whose rules are followed: `"16"`, `"8.0"`, `"10.11"`. The newest that is known when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)*$"))]
    pub version: Option<String>,
    /// How the schema is written; found by itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SchemaSource>,
    /// Folders, files or globs from the root of the repository, in this order; those that do not exist at a version are passed over. The migrations are
    /// looked for below the module's `path` when it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Schemas in which names without a schema lie (PostgreSQL); `public` when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub search_path: Vec<String>,
    /// SQL files that the platform runs before the migrations. What they make is known and not part of the schema.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prelude: Vec<String>,
    /// Variables of the server that decide what statements mean (MySQL, MariaDB): `collation_database`, `sql_mode`, `lower_case_table_names`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// What `${name}` in migrations stands for, where the tool fills it in (Flyway, Liquibase).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub placeholders: BTreeMap<String, String>,
    /// What statements do that cannot be replayed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assume: Vec<Assumption>,
    /// Files that declare the whole schema beside the migrations (`db/schema.sql`, `LATEST.sql`): both must make the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<String>,
    /// Tables that are left out, beside those in which the migration tool keeps its books.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Whether privileges are compared too. Off by default, because environments have other roles.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grants: bool,
    /// Whether the order of columns is compared too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub column_order: bool,
}

/// A SQL dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SchemaDialect {
    /// PostgreSQL.
    #[serde(alias = "postgres")]
    Postgresql,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// SQLite.
    Sqlite,
}

impl SchemaDialect {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            SchemaDialect::Postgresql => "postgresql",
            SchemaDialect::Mysql => "mysql",
            SchemaDialect::Mariadb => "mariadb",
            SchemaDialect::Sqlite => "sqlite",
        }
    }
}

/// How a schema is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SchemaSource {
    /// Migrations of whatever tool they are found to be of.
    Migrations,
    /// Files that an empty database is made with, in the order named.
    InitSql,
    /// A dump of the whole schema.
    Dump,
    /// Flyway.
    Flyway,
    /// golang-migrate.
    GolangMigrate,
    /// goose.
    Goose,
    /// dbmate.
    Dbmate,
    /// sqlx.
    Sqlx,
    /// diesel.
    Diesel,
    /// Prisma.
    Prisma,
    /// Drizzle.
    Drizzle,
    /// `structure.sql` of Rails.
    Rails,
    /// Supabase.
    Supabase,
    /// Liquibase: a changelog in SQL, XML, YAML or JSON.
    Liquibase,
    /// Atlas.
    Atlas,
    /// pop.
    Pop,
    /// Folders named by number or version.
    Folders,
    /// Numbered files.
    Numbered,
}

/// What a statement does that cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Assumption {
    /// The statement: `file:line`, as PL0322 names it.
    #[schemars(regex(pattern = r"^.+:[0-9]+$"))]
    pub at: String,
    /// SQL that has the same effect; empty for none.
    pub sql: String,
}

/// Terraform code in the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TerraformSpec {
    /// Folder, template of `env.name`.
    pub path: String,
    /// Variable files, templates of `env.name`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub var_files: Vec<String>,
}

/// The scan of what the code reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CodeRefs {
    /// `auto`, or a list of languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<Languages>,
    /// Extra regular expressions of wrappers; the group `name` is the variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
}

/// Languages to scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Languages {
    /// `auto`.
    Word(String),
    /// These only.
    List(Vec<String>),
}

/// Where environment variables come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EnvSourceType {
    /// `.env` files.
    Dotenv,
    /// Docker Compose files.
    Compose,
    /// Plain Kubernetes manifests.
    Manifests,
    /// Manifests that were rendered into the repository (`chart.rendered`, or `files`).
    RenderedManifests,
    /// ConfigMaps and Secrets as a whole: every key is a variable.
    Configmap,
    /// `env:` of Helm values.
    HelmValues,
    /// A kustomization.
    Kustomize,
    /// The live cluster.
    K8sLive,
    /// SOPS files.
    Sops,
    /// Sealed Secrets.
    SealedSecret,
    /// External Secrets.
    ExternalSecret,
    /// Spring `application-*.yml` and `.properties`.
    Spring,
    /// `appsettings.*.json`.
    Appsettings,
    /// Variables of a GitHub environment.
    GithubEnvironment,
    /// CI variables of GitLab.
    GitlabVariables,
    /// Doppler.
    Doppler,
    /// Infisical.
    Infisical,
    /// Terraform variable files.
    Tfvars,
    /// JSON files.
    Json,
    /// TOML files.
    Toml,
    /// INI files.
    Ini,
}

/// One source of environment variables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EnvSource {
    /// What kind of files.
    #[serde(rename = "type")]
    pub source_type: EnvSourceType,
    /// Files or globs, templates of `env.name`, `env.tier`, `module.name`, `version`. A trailing `?` makes one optional.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Compose service, or container name in manifests; template. All when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// `.env` files that the compose file's `${…}` are filled from, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dotenv: Vec<String>,
    /// Folder that `files` and `dotenv` are relative to; template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Repository to read from: a name under `repos`, or `config` for the config repository. The module's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<String>,
    /// Further settings of sources that later versions read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}
