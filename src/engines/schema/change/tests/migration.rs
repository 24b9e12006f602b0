//! Migrations in words.
use super::*;
use crate::engines::schema::change::migration::*;

fn statement(line: u32, step: u32, class: Class, verb: &str, acts: Vec<Act>) -> Statement {
    Statement {
        place: Place { file: format!("{step}.sql").into(), line },
        step,
        class,
        verb: verb.to_owned(),
        text: String::new(),
        flags: Flags { transaction: true, ..Flags::default() },
        acts,
        tables: vec![Key::top(Kind::Table, &name("users"))],
    }
}

#[test]
fn migrations_are_told_in_words() {
    let before = shop();
    let mut after = shop();
    users(&mut after).columns.push(column(30, "note", "text"));
    users(&mut after).columns.remove(2);
    let key = |part: &str| Key::part(Kind::Column, &name("users"), part);
    let log = [
        statement(1, 0, Class::Transaction, "BEGIN", vec![]),
        statement(
            2,
            0,
            Class::Structure,
            "ALTER TABLE",
            vec![Act { key: key("note"), id: Id(30), what: What::Created }],
        ),
        statement(3, 0, Class::Data, "UPDATE", vec![]),
        statement(
            1,
            1,
            Class::Structure,
            "ALTER TABLE",
            vec![Act { key: key("mood"), id: Id(12), what: What::Dropped }],
        ),
        statement(1, 2, Class::Data, "DELETE", vec![]),
        statement(1, 3, Class::Session, "SET", vec![]),
    ];
    let all = statements(&log, &before, &after);
    let does = |one: &Migration| one.statements.iter().flat_map(|one| one.does.clone()).collect::<Vec<_>>().join("; ");
    let told: Vec<_> = all.iter().map(|one| (one.kind, does(one), one.lock, one.work, one.reversible(true))).collect();
    assert_eq!(
        told,
        [
            (
                MigrationKind::Mixed,
                "adds column users.note; updates rows of users".to_owned(),
                Lock::All,
                Work::Instant,
                Reversible::Yes
            ),
            (
                MigrationKind::Structure,
                "drops column users.mood".to_owned(),
                Lock::All,
                Work::Instant,
                Reversible::DataLost
            ),
            (MigrationKind::Data, "deletes rows of users".to_owned(), Lock::None, Work::Instant, Reversible::DataLost),
            (MigrationKind::Empty, String::new(), Lock::None, Work::Instant, Reversible::Yes),
        ]
    );
    assert_eq!(all[0].notes, ["line 3 updates rows of users while the lock of line 2 is held"]);
    assert_eq!(all[0].reversible(false), Reversible::NoDown);
}
