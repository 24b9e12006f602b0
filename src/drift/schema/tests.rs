//! The detector of schema drift: rules, states, records.
use super::{AppliedRow, RECORD, Record, Schema, Schemas, Schemata, open};
use crate::drift::helm::{NoCharts, Renders};
use crate::drift::schema::Reader;
use crate::drift::testing::catalog;
use crate::drift::{Comparison, Detector, Draft, Outcome, Side};
use crate::model::config::{Environment, Module, SchemaSpec};
use crate::model::{Mode, Pair};
use crate::tree::{MemTree, Tree};
use serde_json::{Value, json};
use std::sync::Arc;

/// Two versions of a repository, and what is said about them.
struct Case {
    from: MemTree,
    to: MemTree,
    config: MemTree,
    spec: Value,
    mode: Mode,
    databases: Value,
    code: Option<MemTree>,
}

impl Case {
    /// Migrations of the left and the right side; names are `1.sql`, `2.sql`, … in `m`.
    fn of(from: &[&str], to: &[&str]) -> Case {
        let tree = |steps: &[&str]| {
            let mut tree = MemTree::default();
            for (index, sql) in steps.iter().enumerate().filter(|(_, sql)| !sql.is_empty()) {
                tree.insert(format!("m/{}_step.up.sql", index + 1), *sql);
                tree.insert(format!("m/{}_step.down.sql", index + 1), "SELECT 1;");
            }
            tree
        };
        Case {
            from: tree(from),
            to: tree(to),
            config: MemTree::default(),
            spec: json!({"dialect": "postgresql", "files": ["m"]}),
            mode: Mode::Promote,
            databases: json!([]),
            code: None,
        }
    }

    fn refs(before: &[&str], after: &[&str]) -> Case {
        Case { mode: Mode::Refs, ..Case::of(before, after) }
    }

    fn run(&self) -> Outcome {
        let document = |kind: &str, name: &str, spec: Value| json!({"apiVersion": "pilab.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec});
        let module: Module = serde_json::from_value(document(
            "Module",
            "db",
            json!({"kind": "database", "repo": "app", "schema": self.spec}),
        ))
        .unwrap();
        let environment = |name: &str, databases: &Value| {
            let spec = json!({"tier": name, "databases": databases});
            serde_json::from_value::<Environment>(document("Environment", name, spec)).unwrap()
        };
        let (staging, prod) = (environment("staging", &json!([])), environment("prod", &self.databases));
        let pair = Pair { from: "staging".to_owned(), to: "prod".to_owned(), mode: self.mode };
        let side = |name, environment, version, tree| Side {
            name,
            environment,
            deployment: None,
            version: Some(version),
            commit: None,
            tree: Ok(tree),
            history: None,
        };
        let readers: Vec<Reader<'_>> = self
            .code
            .iter()
            .map(|tree| Reader {
                module: "web",
                side: "prod",
                version: "1.0",
                repository: "app",
                tree: Arc::new(tree.clone()) as Arc<dyn Tree>,
                paths: Vec::new(),
            })
            .collect();
        Schemata.compare(&Comparison {
            catalog: &catalog(),
            module: &module,
            pair: &pair,
            from: side("staging", Some(&staging), "2.0", &self.from as &dyn Tree),
            to: side("prod", Some(&prod), "1.0", &self.to as &dyn Tree),
            config: &self.config,
            code: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            hmac: None,
            renders: &Renders::new(Arc::new(NoCharts)),
            schemas: &Schemas::default(),
            readers: &readers,
            show_secrets: false,
        })
    }
}

/// Rule, state and key of what was found.
fn found(outcome: &Outcome) -> Vec<String> {
    let line = |draft: &Draft| format!("{} {} {}", draft.rule.id, draft.state.word(), draft.key);
    outcome.drafts.iter().map(line).collect()
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.unchecked.iter().map(|why| why.code.id).collect()
}

const BASE: &str = "CREATE TABLE orders (id int PRIMARY KEY, note text, total numeric(10,2) DEFAULT 0, kind varchar(20));\n\
    CREATE TABLE lines (id int PRIMARY KEY, order_id int);\n\
    CREATE TYPE mood AS ENUM ('sad', 'glad');\n\
    CREATE SEQUENCE tickets;\n\
    CREATE VIEW open_orders AS SELECT id, note FROM orders;\n\
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;\n\
    CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';\n\
    CREATE INDEX orders_kind ON orders (kind);\n\
    ALTER TABLE lines ADD CONSTRAINT lines_order FOREIGN KEY (order_id) REFERENCES orders (id);\n\
    CREATE TABLE shown (id int, twice int GENERATED ALWAYS AS (id * 2) STORED);\n\
    CREATE TABLE guarded (id int, owner text);\n\
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;\n\
    CREATE POLICY own ON guarded USING (owner = current_user);\n\
    CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);\n\
    CREATE SCHEMA old;";

/// Every hazard of a change, and the rule that tells it.
#[test]
fn each_hazard_is_told_by_its_rule() {
    let cases = [
        ("DB001", "DROP TABLE lines;"),
        ("DB002", "DROP VIEW open_orders; ALTER TABLE orders DROP COLUMN note;"),
        ("DB003", "DROP SCHEMA old;"),
        ("DB004", "DROP TABLE lines; CREATE TABLE lines (id int PRIMARY KEY, order_id int);"),
        ("DB005", "ALTER TABLE orders ALTER COLUMN kind TYPE varchar(5);"),
        ("DB006", "DROP TYPE mood; CREATE TYPE mood AS ENUM ('glad');"),
        ("DB007", "ALTER TABLE lines DROP CONSTRAINT lines_pkey;"),
        ("DB008", "DROP SEQUENCE tickets;"),
        ("DB010", "ALTER TABLE orders ALTER COLUMN kind SET NOT NULL;"),
        ("DB011", "ALTER TABLE orders ADD COLUMN code text NOT NULL;"),
        ("DB012", "ALTER TABLE orders ADD CONSTRAINT orders_kind_once UNIQUE (kind);"),
        ("DB013", "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);"),
        ("DB014", "ALTER TABLE shown ADD CONSTRAINT shown_order FOREIGN KEY (id) REFERENCES orders (id);"),
        ("DB015", "ALTER TABLE orders ALTER COLUMN kind TYPE int USING kind::int;"),
        ("DB020", "ALTER TABLE lines ADD COLUMN secret uuid DEFAULT gen_random_uuid();"),
        ("DB021", "CREATE INDEX orders_total ON orders (total);"),
        ("DB022", "CREATE INDEX CONCURRENTLY orders_total ON orders (total);"),
        ("DB023", "ALTER TABLE orders ADD COLUMN done bool;\nUPDATE orders SET done = false;"),
        ("DB030", "ALTER TABLE lines RENAME TO order_lines;"),
        ("DB031", "ALTER TABLE lines RENAME COLUMN order_id TO parent_id;"),
        ("DB032", "ALTER TABLE orders ALTER COLUMN total SET DEFAULT 1;"),
        ("DB033", "ALTER TABLE orders ALTER COLUMN kind TYPE varchar(40);"),
        ("DB034", "DROP VIEW open_orders;"),
        ("DB035", "DROP FUNCTION one();"),
        ("DB036", "CREATE TRIGGER t BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();"),
        ("DB037", "ALTER TABLE shown ALTER COLUMN twice SET EXPRESSION AS (id * 3);"),
        ("DB038", "ALTER TYPE mood ADD VALUE 'calm';"),
        ("DB040", "ALTER TABLE guarded DISABLE ROW LEVEL SECURITY;"),
        ("DB041", "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;"),
        ("DB042", "GRANT SELECT ON orders TO PUBLIC;"),
        ("DB050", "DROP INDEX orders_kind;"),
        ("DB051", "ALTER TABLE lines DROP CONSTRAINT lines_order;"),
        ("DB052", "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;"),
        (
            "DB053",
            "ALTER TABLE lines DROP CONSTRAINT lines_order, ADD CONSTRAINT lines_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE;",
        ),
        ("DB054", "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"),
        ("DB055", "CREATE EXTENSION citext;"),
        ("DB056", "ALTER SEQUENCE tickets INCREMENT BY 2;"),
        ("DB060", "CREATE TABLE fresh (id int);"),
        ("DB061", "COMMENT ON TABLE orders IS 'what people bought';"),
        ("DB075", "UPDATE orders SET note = '';"),
    ];
    let mut wrong = Vec::new();
    for (rule, sql) in cases {
        let mut case = Case::refs(&[BASE], &[BASE, sql]);
        case.spec["grants"] = json!(true);
        let outcome = case.run();
        if !outcome.drafts.iter().any(|draft| draft.rule.id == rule) {
            wrong.push(format!("{rule} {sql}: {:?} {:?}", found(&outcome), outcome.unchecked));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_promotion_brings_is_pending_and_equal_versions_are_equal() {
    let outcome = Case::of(&[BASE, "ALTER TABLE orders ADD COLUMN code text;"], &[BASE]).run();
    assert_eq!(found(&outcome), ["DB060 pending pending/column/orders.code"]);
    let draft = &outcome.drafts[0];
    assert_eq!(draft.title, "Promotion to prod adds column orders.code");
    assert_eq!(
        (draft.from.as_ref().unwrap().text.as_str(), draft.to.as_ref().unwrap().text.as_str()),
        ("(there)", "(not there)")
    );
    assert_eq!((draft.evidence[0].place.file.as_str(), draft.evidence[0].place.line), ("m/2_step.up.sql", 1));
    assert_eq!(draft.because.as_deref(), Some("comes with 2.0"));
    let equal = Case::of(&[BASE], &[BASE]).run();
    assert!(equal.drafts.is_empty() && equal.unchecked.is_empty() && equal.compared > 20);
    assert_eq!(equal.compared, equal.equal);
}

#[test]
fn a_migration_that_only_the_target_has_is_drift_and_told_once() {
    let outcome =
        Case::of(&[BASE, "", "ALTER TABLE orders ADD COLUMN a int;"], &[BASE, "CREATE INDEX hot ON orders (note);"])
            .run();
    assert_eq!(found(&outcome), ["DB060 pending pending/column/orders.a", "DB071 drift lost/2"]);
    let lost = &outcome.drafts[1];
    assert_eq!(lost.title, "migration 2_step.up.sql of prod is not in staging");
    assert_eq!(lost.details, ["adds index orders.hot"]);
}

#[test]
fn released_migrations_that_change_and_those_that_come_late_are_told() {
    let edited = Case::of(&["CREATE TABLE a (id bigint);"], &["CREATE TABLE a (id int);"]).run();
    assert!(found(&edited).contains(&"DB070 drift edited/1".to_owned()), "{:?}", found(&edited));
    assert!(
        found(&edited).contains(&"DB033 drift column/a.id".to_owned())
            || found(&edited).iter().any(|line| line.contains("drift column/a.id")),
        "{:?}",
        found(&edited)
    );
    let comment = Case::of(&["CREATE TABLE a (id int); -- why"], &["CREATE TABLE a (id int);"]).run();
    assert_eq!(found(&comment), ["DB070 drift edited/1"]);
    assert_eq!(comment.drafts[0].modifiers[0].tenths, -50);
    let late = Case::of(
        &["CREATE TABLE a (id int);", "CREATE TABLE b (id int);", "CREATE TABLE c (id int);"],
        &["CREATE TABLE a (id int);", "", "CREATE TABLE c (id int);"],
    )
    .run();
    assert_eq!(found(&late), ["DB060 pending pending/table/b", "DB072 pending order/2"]);
}

#[test]
fn chains_with_mistakes_and_replaced_chains_are_told() {
    let mut twice = Case::of(&[BASE], &[BASE]);
    twice.from.insert("m/1_other.up.sql", "CREATE TABLE z (id int);".to_owned());
    assert!(found(&twice.run()).iter().any(|line| line.starts_with("DB073 pending")), "{:?}", found(&twice.run()));
    let mut sums = Case::of(&[BASE], &[BASE]);
    sums.from.insert("m/atlas.sum", "h1:x=\n1_step.up.sql h1:wrong=\n".to_owned());
    assert!(found(&sums.run()).iter().any(|line| line.starts_with("DB074 pending")), "{:?}", found(&sums.run()));
    let mut squashed =
        Case::of(&[], &["CREATE TABLE a (id int);", "CREATE TABLE b (id int);", "CREATE TABLE c (id int);"]);
    squashed.from.insert(
        "m/9_all.up.sql",
        "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);".to_owned(),
    );
    assert!(found(&squashed.run()).iter().any(|line| line.starts_with("DB077 drift")), "{:?}", found(&squashed.run()));
}

#[test]
fn what_cannot_be_undone_is_told_once() {
    let mut case = Case::of(&[BASE, "CREATE TABLE x (id int);", "DROP TABLE lines;"], &[BASE]);
    let kept: Vec<(String, String)> = case
        .from
        .files()
        .filter(|(path, _)| *path != "m/2_step.down.sql")
        .map(|(path, text)| (path.to_owned(), String::from_utf8(text.to_vec()).unwrap()))
        .collect();
    case.from = MemTree::of(kept.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let outcome = case.run();
    let draft = outcome.drafts.iter().find(|draft| draft.rule.id == "DB076").unwrap();
    assert_eq!(draft.title, "2 migrations cannot be undone");
    assert_eq!(draft.details, ["m/2_step.up.sql: it has no down migration", "m/3_step.up.sql: what it drops is gone"]);
}

#[test]
fn init_files_reach_no_database_that_exists_and_a_declared_file_must_agree() {
    let mut init = Case::of(&[], &[]);
    init.from.insert("init.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);".to_owned());
    init.to.insert("init.sql", "CREATE TABLE a (id int);".to_owned());
    init.spec = json!({"dialect": "postgresql", "source": "init-sql", "files": ["init.sql"]});
    assert_eq!(found(&init.run()), ["DB060 pending pending/table/b", "DB078 pending init"]);
    // What is not in the later file is shown where the earlier one made it.
    init.from.insert("init.sql", "CREATE TABLE b (id int);".to_owned());
    let outcome = init.run();
    let draft = outcome.drafts.iter().find(|draft| draft.rule.id == "DB001").unwrap();
    assert_eq!(
        (draft.evidence[0].side.as_str(), draft.evidence[0].place.text.as_str()),
        ("prod", "CREATE TABLE a (id int);")
    );
    let mut twin = Case::of(&[BASE], &[BASE]);
    twin.from.insert("schema.sql", BASE.replace("DEFAULT 0", "DEFAULT 1"));
    twin.spec["declared"] = json!(["schema.sql"]);
    let outcome = twin.run();
    let draft = outcome.drafts.iter().find(|draft| draft.rule.id == "DB079").unwrap();
    assert_eq!(draft.title, "schema.sql and the migrations of 2.0 make different schemas: 1 difference");
}

#[test]
fn code_that_runs_and_names_a_dropped_column_makes_it_critical() {
    let drop = "DROP VIEW open_orders; ALTER TABLE orders DROP COLUMN note;";
    let mut case = Case::of(&[BASE, drop], &[BASE]);
    case.code = Some(MemTree::of([("src/order.rs", "struct Order {\n    note: String,\n}\n")]));
    let outcome = case.run();
    let draft = outcome.drafts.iter().find(|draft| draft.rule.id == "DB002").unwrap();
    let told: Vec<&str> = draft.modifiers.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(told, ["still-read"]);
    assert!(
        draft.evidence.iter().any(|one| one.place.file == "src/order.rs" && one.place.line == 2),
        "{:?}",
        draft.evidence
    );
    case.code = Some(MemTree::of([("src/order.rs", "struct Order {}\n")]));
    let outcome = case.run();
    let draft = outcome.drafts.iter().find(|draft| draft.rule.id == "DB002").unwrap();
    assert_eq!(draft.modifiers[0].name, "not-read");
}

#[test]
fn what_cannot_be_replayed_is_not_checked_only_where_it_matters() {
    let loops = "DO $$ BEGIN EXECUTE (SELECT string_agg(name, ';') FROM commands); END $$;";
    assert_eq!(codes(&Case::of(&[BASE, loops], &[BASE]).run()), ["PL0322"]);
    assert!(codes(&Case::of(&[BASE, loops], &[BASE, loops]).run()).is_empty(), "it is the same on both sides");
    assert_eq!(codes(&Case::of(&[], &[]).run()), ["PL0320"]);
    let mut unknown = Case::of(&["CREATE TABLE a (id int);"], &["CREATE TABLE a (id int);"]);
    unknown.spec = json!({"files": ["m"]});
    assert_eq!(codes(&unknown.run()), ["PL0323"]);
    let mut several = Case::of(&["CREATE TABLE a (id int);"], &["CREATE TABLE a (id int);"]);
    several.from.insert("n/1_x.up.sql", "CREATE TABLE b (id int);".to_owned());
    several.spec = json!({"dialect": "postgresql"});
    assert_eq!(codes(&several.run()), ["PL0321"]);
}

/// A record of a database: what these migrations make, changed by `change`, with these rows in the books.
fn record(steps: &[&str], rows: Option<&[(&str, bool)]>) -> String {
    let tree = Case::of(steps, &[]).from;
    let spec: SchemaSpec = serde_json::from_value(json!({"dialect": "postgresql", "files": ["m"]})).unwrap();
    let schema = Schema::of(open(&tree, &[], "", &spec).unwrap()).unwrap();
    let row = |(version, success): &(&str, bool)| AppliedRow {
        version: (*version).to_owned(),
        success: *success,
        ..AppliedRow::default()
    };
    let record = Record {
        schema: RECORD.to_owned(),
        at: "2026-11-25T12:00:00Z".to_owned(),
        server: "18.4".to_owned(),
        may_write: false,
        history: rows.map(|rows| rows.iter().map(row).collect()),
        catalog: schema.replay.catalog,
    };
    serde_json::to_string(&record).unwrap()
}

#[test]
fn a_live_database_is_held_against_the_migrations_that_ran() {
    let two = [BASE, "ALTER TABLE orders ADD COLUMN a int;"];
    let mut case = Case::of(&two, &two);
    case.databases = json!([{"module": "db", "recorded": "observed/db.json"}]);
    case.config.insert("observed/db.json", record(&two, Some(&[("2", true)])));
    let agrees = case.run();
    assert!(agrees.drafts.is_empty() && agrees.unchecked.is_empty(), "{:?}", found(&agrees));

    let by_hand = [BASE, "CREATE INDEX by_hand ON orders (note); ALTER TABLE orders ALTER COLUMN kind TYPE text;"];
    case.config.insert("observed/db.json", record(&by_hand, Some(&[("1", true)])));
    let outcome = case.run();
    let all = found(&outcome);
    assert_eq!(
        all,
        ["DB081 drift live/not-run/2", "DB080 drift live/column/orders.kind", "DB080 drift live/index/orders.by_hand"]
    );
    assert!(
        outcome.drafts[2].details.contains(&"undo: DROP INDEX public.by_hand".to_owned()),
        "{:?}",
        outcome.drafts[2].details
    );
    assert!(outcome.drafts[2].title.contains("is in the database of prod only"), "{}", outcome.drafts[2].title);

    case.config.insert("observed/db.json", record(&two, Some(&[("7", false)])));
    let all = found(&case.run());
    assert!(
        all.contains(&"DB082 drift live/unknown/7".to_owned()) && all.contains(&"DB084 drift live/failed/7".to_owned()),
        "{all:?}"
    );

    case.config.insert("observed/db.json", "{}".to_owned());
    assert_eq!(codes(&case.run()), ["PL0327"]);
}

#[test]
fn books_with_another_checksum_are_told() {
    let mut case = Case::of(&[], &[]);
    for tree in [&mut case.from, &mut case.to] {
        tree.insert("m/V1__a.sql", "CREATE TABLE a (id int);".to_owned());
    }
    case.databases = json!([{"module": "db", "recorded": "db.json"}]);
    let spec: SchemaSpec = serde_json::from_value(json!({"dialect": "postgresql", "files": ["m"]})).unwrap();
    let schema = Schema::of(open(&case.to, &[], "", &spec).unwrap()).unwrap();
    let row = AppliedRow { version: "1".to_owned(), checksum: Some("-1".to_owned()), success: true, at: None };
    let record = Record {
        schema: RECORD.to_owned(),
        at: "2026-11-25T12:00:00Z".to_owned(),
        server: "18.4".to_owned(),
        may_write: false,
        history: Some(vec![row]),
        catalog: schema.replay.catalog,
    };
    case.config.insert("db.json", serde_json::to_string(&record).unwrap());
    assert_eq!(found(&case.run()), ["DB083 drift live/edited/1"]);
}
