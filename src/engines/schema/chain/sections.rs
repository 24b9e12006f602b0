//! Parts of a file: up and down of goose and dbmate, breakpoints of Drizzle.
use crate::engines::schema::Script;
use std::sync::Arc;

/// What a file of goose or dbmate holds.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) up: Vec<Script>,
    pub(super) down: Vec<Script>,
    /// Whether any mark was there.
    pub(super) marked: bool,
}

/// What a line says.
enum Mark {
    Up,
    Down,
    NoTransaction,
    /// A statement begins or ends; the text is cut here.
    Cut,
}

/// Cuts a file of goose.
pub(super) fn goose(path: &Arc<str>, text: &str) -> Sections {
    cut(path, text, |line| {
        let words = line.trim().strip_prefix("--")?.trim_start().strip_prefix("+goose")?.trim();
        match words.to_ascii_lowercase().as_str() {
            "up" => Some((Mark::Up, true)),
            "down" => Some((Mark::Down, true)),
            "no transaction" => Some((Mark::NoTransaction, true)),
            "statementbegin" | "statementend" => Some((Mark::Cut, true)),
            _ => None,
        }
    })
}

/// Cuts a file of dbmate.
pub(super) fn dbmate(path: &Arc<str>, text: &str) -> Sections {
    cut(path, text, |line| {
        let words = line.trim().strip_prefix("--")?.trim_start().strip_prefix("migrate:")?;
        let transaction = !words.contains("transaction:false");
        match words.split_whitespace().next()? {
            "up" => Some((Mark::Up, transaction)),
            "down" => Some((Mark::Down, transaction)),
            _ => None,
        }
    })
}

fn cut(path: &Arc<str>, text: &str, mark: impl Fn(&str) -> Option<(Mark, bool)>) -> Sections {
    let mut sections = Sections::default();
    let (mut at, mut transaction, mut whole_file) = (None, true, true);
    let (mut begin, mut from) = (1_u32, 0_usize);
    let mut place = 0_usize;
    let mut keep = |at: Option<bool>, text: &str, line: u32, transaction: bool| {
        let script = Script { path: path.clone(), line, text: Arc::from(text), transaction };
        match at {
            _ if text.trim().is_empty() => {}
            Some(true) => sections.up.push(script),
            Some(false) => sections.down.push(script),
            None => {}
        }
    };
    let mut marked = false;
    for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
        let end = place + line.len();
        if let Some((found, with)) = mark(line) {
            marked = true;
            keep(at, text.get(from..place).unwrap_or_default(), begin, transaction && whole_file);
            match found {
                Mark::Up => (at, transaction) = (Some(true), with),
                Mark::Down => (at, transaction) = (Some(false), with),
                Mark::NoTransaction => whole_file = false,
                Mark::Cut => {}
            }
            (begin, from) = (number.saturating_add(1), end);
        }
        place = end;
    }
    keep(at, text.get(from..).unwrap_or_default(), begin, transaction && whole_file);
    sections.marked = marked;
    sections
}

/// Cuts a text at lines of Drizzle's mark.
pub(super) fn breakpoints(path: &Arc<str>, text: &str, transaction: bool) -> Vec<Script> {
    const MARK: &str = "--> statement-breakpoint";
    let (mut scripts, mut line) = (Vec::new(), 1_u32);
    for part in text.split(MARK) {
        if !part.trim().is_empty() {
            scripts.push(Script { path: path.clone(), line, text: Arc::from(part), transaction });
        }
        line = line.saturating_add(u32::try_from(part.matches('\n').count()).unwrap_or(u32::MAX));
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::{breakpoints, dbmate, goose};
    use std::sync::Arc;

    #[test]
    fn up_and_down_are_told_apart_with_their_lines() {
        let path: Arc<str> = Arc::from("1_a.sql");
        let cut = goose(
            &path,
            "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE a();\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose Down\nDROP TABLE a;\n",
        );
        assert_eq!(
            cut.up.iter().map(|one| (one.line, &*one.text, one.transaction)).collect::<Vec<_>>(),
            [(3, "CREATE TABLE a();\n", false), (5, "SELECT 1;\n", false)]
        );
        assert_eq!((cut.down[0].line, &*cut.down[0].text), (8, "DROP TABLE a;\n"));
        let cut = dbmate(&path, "-- migrate:up transaction:false\nA;\n\n-- migrate:down\nB;\n");
        assert_eq!((cut.up[0].line, &*cut.up[0].text, cut.up[0].transaction), (2, "A;\n\n", false));
        assert!(cut.down[0].transaction);
        assert!(!goose(&path, "SELECT 1;").marked);
    }

    #[test]
    fn breakpoints_cut_with_their_lines() {
        let cut = breakpoints(&Arc::from("0.sql"), "A;--> statement-breakpoint\nB;\n--> statement-breakpoint\nC", true);
        assert_eq!(
            cut.iter().map(|one| (one.line, one.text.trim())).collect::<Vec<_>>(),
            [(1, "A;"), (1, "B;"), (3, "C")]
        );
    }
}
