//! `pilab db`: the database schema of a version, what differs between two, and what a live database has.
use super::compare::Comparer;
use super::range::{self, Named, Range};
use super::repositories::Repositories;
use super::workspace::Workspace;
use super::{Context, DbDiff, DbInspect, DbRecord, DbRecorded, DbShow, DbSource, Drift, files};
use crate::adapters::{database, keyring};
use crate::drift::schema::{self as domain, AppliedRow, RECORD, Record, Schema};
use crate::engines::schema::catalog::{Catalog, Dialect};
use crate::engines::schema::{self as engine, chain};
use crate::model::config::{Environment, Module, SchemaDialect, SchemaSource, SchemaSpec};
use crate::model::{
    Diagnostic, Kind, Mode, ModuleDoubt, Result, SchemaDiffReport, SchemaLayout, SchemaReport, Secret, codes,
};
use crate::tree::MemTree;
use std::path::Path;

/// The largest dump that is read, bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

impl DbShow {
    /// Answers.
    ///
    /// # Errors
    /// No config repository, unknown names, a module without a schema, migrations that cannot be found or replayed.
    pub fn run(&self, context: &Context<'_>) -> Result<SchemaReport> {
        let workspace = Workspace::open(context)?;
        let module = workspace.catalog.module(&self.module)?;
        let repositories = Repositories::new(context, &workspace);
        let comparer = comparer(context, &workspace, &repositories, std::slice::from_ref(&self.module))?;
        let named = match (&self.reference, &self.environment) {
            (Some(reference), _) => Named::Ref(reference.clone()),
            (None, Some(name)) => {
                workspace.catalog.environment(name)?;
                Named::Environment(name.clone())
            }
            (None, None) => {
                let why = Diagnostic::error(&codes::PL0112, "neither an environment nor a ref was named");
                return Err(Box::new(why.hint(format!("pilab db show {} --env ENV, or --ref REF", self.module))));
            }
        };
        let range = Range { from: named.clone(), to: named.clone(), mode: Mode::Refs };
        comparer.check_refs(&range)?;
        let (schema, version) = schema_of(&comparer, module, &named)?;
        let mut report = shown(&schema.replay.catalog, version, domain::doubts_of(&schema));
        report.module = Some(self.module.clone());
        report.layout = Some(layout(&schema));
        Ok(report)
    }
}

impl DbDiff {
    /// Answers.
    ///
    /// # Errors
    /// No config repository, unknown names, a range that is none, a database that cannot be read.
    pub fn run(&self, context: &Context<'_>) -> Result<SchemaDiffReport> {
        let workspace = Workspace::open(context)?;
        for module in &self.modules {
            workspace.catalog.module(module)?;
        }
        let repositories = Repositories::new(context, &workspace);
        let comparer = comparer(context, &workspace, &repositories, &self.modules)?;
        match (&self.range, &self.live) {
            (Some(text), None) => between(&comparer, &range::parse(&workspace.catalog, text, false)?),
            (None, Some(name)) => self.live(context, &comparer, workspace.catalog.environment(name)?),
            _ => Err(Box::new(
                Diagnostic::error(&codes::PL0112, "either a range or an environment with --live is compared")
                    .hint("pilab db diff v1.2..v1.3")
                    .hint("pilab db diff --live prod"),
            )),
        }
    }

    fn live(
        &self,
        context: &Context<'_>,
        comparer: &Comparer<'_>,
        environment: &Environment,
    ) -> Result<SchemaDiffReport> {
        let name = &environment.metadata.name;
        let range =
            Range { from: Named::Environment(name.clone()), to: Named::Environment(name.clone()), mode: Mode::Mirror };
        let mut report = empty(name, "live");
        for ready in comparer.prepare(&range, false) {
            let Some(spec) = &ready.module.spec.schema else { continue };
            let module = &ready.module.metadata.name;
            let record = match seen(context, comparer, ready.module, environment, &self.source) {
                Ok(record) => record,
                // Of several modules one may have no address here; the one that was asked for must.
                Err(why) if why.code.id == codes::PL0329.id && self.modules.is_empty() => {
                    report.not_checked.push(ModuleDoubt { module: module.clone(), why: *why });
                    continue;
                }
                Err(why) => return Err(why),
            };
            report.warnings.extend(warnings(&record));
            let answer = comparer.with(&range.pair(), &ready, |comparison| domain::against(comparison, spec, &record));
            add(&mut report, module, answer.map(Some));
        }
        something(report)
    }
}

impl DbInspect {
    /// Answers.
    ///
    /// # Errors
    /// No database is named, or it cannot be read.
    pub fn run(&self, context: &Context<'_>) -> Result<SchemaReport> {
        if self.source.is_named() {
            let spec = SchemaSpec::default();
            let record = from_source(context, &self.source, None, &spec)?.ok_or_else(nothing_named)?;
            let mut report = shown(&record.catalog, at(&self.source), domain::unread(&record));
            report.warnings = warnings(&record);
            return Ok(report);
        }
        let (Some(module), Some(environment)) = (&self.module, &self.environment) else { return Err(nothing_named()) };
        let workspace = Workspace::open(context)?;
        let repositories = Repositories::new(context, &workspace);
        let comparer = comparer(context, &workspace, &repositories, std::slice::from_ref(module))?;
        let (found, environment) = (workspace.catalog.module(module)?, workspace.catalog.environment(environment)?);
        let record = seen(context, &comparer, found, environment, &self.source)?;
        let mut report = shown(&record.catalog, "live".to_owned(), Vec::new());
        report.module = Some(module.clone());
        report.warnings = warnings(&record);
        Ok(report)
    }
}

impl DbRecord {
    /// Reads the database and keeps what was seen in the config repository.
    ///
    /// # Errors
    /// No config repository with a work tree, no database is named, or it cannot be read; PL0402.
    pub fn run(&self, context: &Context<'_>) -> Result<DbRecorded> {
        let workspace = Workspace::open(context)?;
        let (module, environment) =
            (workspace.catalog.module(&self.module)?, workspace.catalog.environment(&self.environment)?);
        let repositories = Repositories::new(context, &workspace);
        let comparer = comparer(context, &workspace, &repositories, std::slice::from_ref(&self.module))?;
        let record = seen(context, &comparer, module, environment, &self.source)?;
        let named = environment
            .spec
            .databases
            .iter()
            .find(|one| one.module == self.module)
            .and_then(|one| one.recorded.clone());
        let file = named.clone().unwrap_or_else(|| format!("observed/{}/{}.json", self.environment, self.module));
        if file.split('/').any(|part| part == "..") || file.starts_with('/') {
            return Err(Box::new(Diagnostic::error(&codes::PL0402, format!("{file} is not in the config repository"))));
        }
        let text = serde_json::to_string_pretty(&record);
        let text = text
            .map_err(|error| Box::new(Diagnostic::error(&codes::PL0900, format!("the record is no JSON: {error}"))))?;
        files::write(&workspace.root.join(&file), Some(&(text + "\n")))?;
        Ok(DbRecorded {
            schema: "pilab.db-recorded/v1",
            module: self.module.clone(),
            environment: self.environment.clone(),
            named: named.is_some(),
            warnings: warnings(&record),
            file,
            server: record.server,
            objects: record.catalog.objects().len(),
        })
    }
}

impl DbSource {
    fn is_named(&self) -> bool {
        self.dsn.is_some() || self.sqlite.is_some() || self.dump.is_some()
    }
}

fn at(source: &DbSource) -> String {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match (&source.dump, &source.sqlite) {
        (Some(dump), _) => format!("dump {}", name(dump)),
        (None, Some(file)) => format!("file {}", name(file)),
        (None, None) => "live".to_owned(),
    }
}

fn nothing_named() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0329, "no database is named")
            .hint("pilab db inspect --dsn env://DATABASE_URL")
            .hint("pilab db inspect MODULE --env ENV, where databases of the environment name it"),
    )
}

fn comparer<'a>(
    context: &'a Context<'a>,
    workspace: &'a Workspace,
    repositories: &'a Repositories<'a>,
    modules: &[String],
) -> Result<Comparer<'a>> {
    let request = Drift { modules: modules.to_vec(), kinds: vec![Kind::Schema], ..Drift::default() };
    super::drift::comparer(&request, context, workspace, repositories)
}

fn schema_of(comparer: &Comparer<'_>, module: &Module, named: &Named) -> Result<(Schema, String)> {
    if module.spec.schema.is_none() {
        let message = format!("module {} declares no database schema", module.metadata.name);
        return Err(Box::new(
            Diagnostic::error(&codes::PL0112, message).hint("say where it is: spec.schema of the module"),
        ));
    }
    let range = Range { from: named.clone(), to: named.clone(), mode: Mode::Refs };
    let ready =
        comparer.prepare(&range, false).into_iter().find(|ready| ready.module.metadata.name == module.metadata.name);
    let Some(ready) = ready else { return Err(nothing_named()) };
    let made = comparer.with(&range.pair(), &ready, |comparison| {
        let version = comparison.to.version.unwrap_or_default().to_owned();
        domain::made(comparison, &comparison.to).map(|schema| (schema, version))
    });
    made.map_err(first)
}

fn between(comparer: &Comparer<'_>, range: &Range) -> Result<SchemaDiffReport> {
    comparer.check_refs(range)?;
    let mut report = empty(range.from.name(), range.to.name());
    for ready in comparer.prepare(range, false) {
        let module = ready.module.metadata.name.clone();
        if ready.module.spec.schema.is_none() || ready.is_elsewhere() {
            continue;
        }
        let answer = comparer.with(&range.pair(), &ready, domain::difference);
        add(&mut report, &module, answer);
    }
    something(report)
}

/// What a comparison gives: the difference and the doubts about it, nothing where there is no schema, or why it cannot be had.
type Answer = Result<Option<(crate::model::SchemaDiff, Vec<Diagnostic>)>, Vec<Diagnostic>>;

fn add(report: &mut SchemaDiffReport, module: &str, answer: Answer) {
    let doubts = match answer {
        Ok(None) => return,
        Ok(Some((diff, doubts))) => {
            report.modules.push(diff);
            doubts
        }
        Err(whys) => whys,
    };
    report.not_checked.extend(doubts.into_iter().map(|why| ModuleDoubt { module: module.to_owned(), why }));
}

fn empty(from: &str, to: &str) -> SchemaDiffReport {
    SchemaDiffReport {
        schema: "pilab.db-diff/v1",
        from: from.to_owned(),
        to: to.to_owned(),
        modules: Vec::new(),
        not_checked: Vec::new(),
        warnings: Vec::new(),
    }
}

/// A reader's password would do.
fn warnings(record: &Record) -> Vec<Diagnostic> {
    let warn = || {
        Diagnostic::warning(&codes::PL0328, "the role of the address may change the database")
            .note("pilab only reads, in a read-only session")
            .hint("make a role that may only look, and put its address behind the reference")
    };
    record.may_write.then(warn).into_iter().collect()
}

/// Nothing compared is not nothing different.
fn something(report: SchemaDiffReport) -> Result<SchemaDiffReport> {
    if report.modules.is_empty() && report.not_checked.is_empty() {
        let why = Diagnostic::error(&codes::PL0320, "no module with a database schema is among what was asked for");
        return Err(Box::new(why.hint("say where a module's migrations are: spec.schema of the module")));
    }
    Ok(report)
}

/// The first obstacle; the others stand below it.
fn first(all: Vec<Diagnostic>) -> Box<Diagnostic> {
    super::render::first(all)
}

fn layout(schema: &Schema) -> SchemaLayout {
    let log = &schema.replay.log;
    let count = |class| log.iter().filter(|one| one.class == class).count();
    SchemaLayout {
        name: serde_json::to_value(schema.source.chain.layout)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default(),
        because: schema.source.chain.because.clone(),
        steps: schema.source.chain.steps.len(),
        statements: count(engine::Class::Structure),
        data_statements: count(engine::Class::Data),
    }
}

fn shown(catalog: &Catalog, at: String, not_checked: Vec<Diagnostic>) -> SchemaReport {
    let (major, minor) = catalog.server.version;
    SchemaReport {
        schema: "pilab.db/v1",
        module: None,
        at,
        dialect: catalog.server.dialect.word(),
        server: format!("{major}.{minor}"),
        layout: None,
        objects: domain::objects(catalog),
        sql: engine::create(catalog),
        not_checked,
        warnings: Vec::new(),
    }
}

/// What the database of a module in an environment has: at the address that is named, else the environment's.
fn seen(
    context: &Context<'_>,
    comparer: &Comparer<'_>,
    module: &Module,
    environment: &Environment,
    source: &DbSource,
) -> Result<Record> {
    let name = &module.metadata.name;
    let named = Named::Environment(environment.metadata.name.clone());
    // The books are those of the tool whose layout the deployed version has.
    let books = schema_of(comparer, module, &named)
        .ok()
        .and_then(|(schema, _)| chain::history_query(schema.source.chain.layout, schema.source.server.dialect));
    let spec = module.spec.schema.clone().unwrap_or_default();
    if let Some(record) = from_source(context, source, books, &spec)? {
        return Ok(record);
    }
    let databases = environment.spec.databases.iter();
    let reference = databases.filter(|one| &one.module == name).find_map(|one| one.dsn_secret.as_deref());
    let reference = reference.ok_or_else(|| {
        let message = format!("environment {} names no address for the database of {name}", environment.metadata.name);
        Box::new(
            Diagnostic::error(&codes::PL0329, message)
                .hint(format!("databases: [{{ module: {name}, dsnSecret: \"env://NAME\" }}] in the environment"))
                .hint("or name it here: --dsn env://NAME, --sqlite FILE, --dump FILE"),
        )
    })?;
    look(context, reference, books)
}

/// What the flags name, if they name anything. A dump is read as `spec` says.
fn from_source(
    context: &Context<'_>,
    source: &DbSource,
    books: Option<&str>,
    spec: &SchemaSpec,
) -> Result<Option<Record>> {
    if let Some(reference) = &source.dsn {
        return look(context, reference, books).map(Some);
    }
    if let Some(file) = &source.sqlite {
        let path = context.dir.join(file);
        if !path.is_file() {
            return Err(Box::new(Diagnostic::error(&codes::PL0021, format!("{} is not there", path.display()))));
        }
        return Ok(Some(record(context, database::look_into(&path, books)?)));
    }
    source
        .dump
        .as_ref()
        .map(|file| dumped(context, &context.dir.join(file), source.dialect.as_deref(), spec))
        .transpose()
}

fn look(context: &Context<'_>, reference: &str, books: Option<&str>) -> Result<Record> {
    let secret: Option<Secret> = keyring::lookup(reference, &context.environment)?;
    let secret = secret.ok_or_else(|| {
        Box::new(
            Diagnostic::error(&codes::PL0329, format!("there is nothing behind {reference}"))
                .hint("set it, or name another reference"),
        )
    })?;
    context.progress.step("reading the database");
    Ok(record(context, database::look(&secret, books)?))
}

fn record(context: &Context<'_>, seen: database::Seen) -> Record {
    let row = |book: database::Book| AppliedRow {
        version: book.version,
        checksum: book.checksum,
        success: book.success,
        at: book.at,
    };
    Record {
        schema: RECORD.to_owned(),
        at: context.now.strftime("%FT%TZ").to_string(),
        server: seen.server,
        may_write: seen.may_write,
        history: seen.books.map(|books| books.into_iter().map(row).collect()),
        catalog: seen.catalog,
    }
}

/// The schema in a dump file.
fn dumped(context: &Context<'_>, path: &Path, dialect: Option<&str>, spec: &SchemaSpec) -> Result<Record> {
    let failed = |why: String| Box::new(Diagnostic::error(&codes::PL0021, format!("{}: {why}", path.display())));
    let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > LARGEST {
        return Err(failed(format!("it has {size} bytes, and at most {LARGEST} are read")));
    }
    let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let dialect = dialect.map(word).transpose()?.or(spec.dialect);
    let spec = SchemaSpec {
        dialect,
        version: spec.version.clone(),
        variables: spec.variables.clone(),
        source: Some(SchemaSource::Dump),
        files: vec![name.clone()],
        ..SchemaSpec::default()
    };
    let tree = MemTree::of([(name.as_str(), String::from_utf8_lossy(&bytes).as_ref())]);
    let source = domain::open(&tree, &[], "", &spec).map_err(|mut why| {
        if why.code.id == codes::PL0323.id {
            why.hints = vec!["name it: --dialect postgresql, mysql, mariadb or sqlite".to_owned()];
        }
        why
    })?;
    let schema = Schema::of(source)?;
    Ok(Record {
        schema: RECORD.to_owned(),
        at: context.now.strftime("%FT%TZ").to_string(),
        server: format!("dump {name}"),
        may_write: false,
        history: None,
        catalog: schema.replay.catalog,
    })
}

fn word(text: &str) -> Result<SchemaDialect> {
    match Dialect::from_word(text) {
        Some(Dialect::Postgres) => Ok(SchemaDialect::Postgresql),
        Some(Dialect::MySql) => Ok(SchemaDialect::Mysql),
        Some(Dialect::MariaDb) => Ok(SchemaDialect::Mariadb),
        Some(Dialect::Sqlite) => Ok(SchemaDialect::Sqlite),
        None => Err(Box::new(
            Diagnostic::error(&codes::PL0112, format!("'{text}' is no dialect"))
                .hint("postgresql, mysql, mariadb, sqlite"),
        )),
    }
}
