//! `PARTITION BY` in normal form: what the server shows of it.
use crate::engines::schema::catalog::{Expression, Server};
use crate::engines::schema::mysql::normal::{Expr, Parser, of_tokens, token_form};
use crate::engines::schema::mysql::text::{Cursor, Lexer, Outcome};

/// The whole clause; the cursor stands on `PARTITION`.
pub(in crate::engines::schema::mysql) fn clause(cursor: &mut Cursor<'_, '_>) -> Outcome<Expression> {
    let from = cursor.at;
    cursor.need("PARTITION")?;
    cursor.need("BY")?;
    let (mut normal, what) = method(cursor)?;
    let mut count = None;
    if cursor.word("PARTITIONS") {
        count = cursor.number()?.parse::<usize>().ok();
    }
    if cursor.words(&["SUBPARTITION", "BY"]) {
        let (sub, _) = method(cursor)?;
        normal.push_str(&format!(" subpartition by {sub}"));
        if cursor.word("SUBPARTITIONS") {
            normal.push_str(&format!(" subpartitions {}", cursor.number()?));
        }
    }
    let names = match cursor.sees_symbol(0, "(") {
        true => {
            let mut group = cursor.group()?;
            list(&mut group)?
        }
        false if what == "system_time" => return Err("partitions by system time are not modelled".to_owned()),
        false => (0..count.unwrap_or(1).min(8192)).map(|number| format!("p{number}")).collect(),
    };
    normal.push_str(&format!(" ({})", names.join(", ")));
    Ok(Expression { text: cursor.source_from(from).to_owned(), normal })
}

/// `[LINEAR] HASH|KEY (…)`, `RANGE|LIST [COLUMNS] (…)`.
fn method(cursor: &mut Cursor<'_, '_>) -> Outcome<(String, String)> {
    let mut words = Vec::new();
    while let Some(token) = cursor.peek(0) {
        if cursor.sees_symbol(0, "(") {
            break;
        }
        words.push(token.text.to_ascii_lowercase());
        cursor.at += 1;
        if words.len() > 3 {
            return Err(cursor.unexpected());
        }
        if words.iter().any(|word| word == "algorithm") {
            words.pop();
            cursor.equals();
            cursor.number()?;
        }
        if words.last().is_some_and(|word| word == "system_time") {
            return Ok((words.join(" "), "system_time".to_owned()));
        }
    }
    let mut group = cursor.group()?;
    let inner = match words.last().map(String::as_str) {
        Some("columns" | "key") => {
            let mut names = Vec::new();
            while !group.done() {
                names.push(format!("`{}`", group.name()?.to_lowercase()));
                group.symbol(",");
            }
            names.join(",")
        }
        _ => of_tokens(group.tokens, group.source),
    };
    let method = words.join(" ");
    Ok((format!("{method} ({inner})"), method))
}

/// The partitions.
fn list(group: &mut Cursor<'_, '_>) -> Outcome<Vec<String>> {
    let mut all = Vec::new();
    while !group.done() {
        group.need("PARTITION")?;
        let mut one = group.name()?;
        if group.words(&["VALUES", "LESS", "THAN"]) {
            let bound = match group.word("MAXVALUE") {
                true => "maxvalue".to_owned(),
                false => values(&mut group.group()?)?,
            };
            one.push_str(&format!(" < {bound}"));
        } else if group.words(&["VALUES", "IN"]) {
            one.push_str(&format!(" in {}", values(&mut group.group()?)?));
        } else if group.word("DEFAULT") {
            one.push_str(" in default");
        }
        while !group.done() && !group.sees_symbol(0, ",") {
            if group.word("COMMENT") {
                group.equals();
                let comment = group.text()?;
                one.push_str(&format!(" comment {}", crate::engines::schema::mysql::normal::quote(&comment)));
            } else if group.sees_symbol(0, "(") {
                group.group()?;
            } else {
                group.take();
            }
        }
        group.symbol(",");
        all.push(one);
    }
    Ok(all)
}

/// `ADD`, `DROP`, `REORGANIZE`, `COALESCE PARTITION` on a clause in normal form; `text` begins behind the verb.
pub(in crate::engines::schema::mysql) fn maintain(
    normal: &str,
    verb: &str,
    text: &str,
    server: Server,
) -> Outcome<String> {
    let not = || "the partitions are not understood".to_owned();
    // The list is the last pair of parentheses, and ", " parts it: values have no spaces behind their commas.
    let start = normal.find(") (").map(|at| at + 2).ok_or_else(not)?;
    let start = normal
        .get(start..)
        .and_then(|rest| rest.find(" (").map(|at| start + at + 1))
        .filter(|_| normal.contains("subpartition"))
        .unwrap_or(start);
    let inner = normal.get(start..).and_then(|list| list.strip_prefix('(')?.strip_suffix(')')).ok_or_else(not)?;
    if inner.contains(" comment ") {
        return Err("partitions with comments are not followed".to_owned());
    }
    let mut names: Vec<String> = inner.split(", ").map(str::to_owned).collect();
    let called = |one: &str, name: &str| one.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case(name));
    let tokens = Lexer::new(text, server).all();
    let mut cursor = Cursor::new(&tokens, text);
    cursor.need("PARTITION")?;
    cursor.words(&["IF", "EXISTS"]);
    cursor.words(&["IF", "NOT", "EXISTS"]);
    match verb {
        "ADD" if cursor.word("PARTITIONS") => {
            let count: usize = cursor.number()?.parse().map_err(|_| not())?;
            let first = names.len();
            names.extend((first..first + count.min(8192)).map(|number| format!("p{number}")));
        }
        "ADD" => names.extend(list(&mut cursor.group()?)?),
        "COALESCE" => {
            let count: usize = cursor.number()?.parse().map_err(|_| not())?;
            names.truncate(names.len().saturating_sub(count).max(1));
        }
        "DROP" | "REORGANIZE" => {
            let mut at = None;
            loop {
                let name = cursor.name()?;
                let found = names
                    .iter()
                    .position(|one| called(one, &name))
                    .ok_or_else(|| format!("there is no partition `{name}`"))?;
                names.remove(found);
                at = Some(at.map_or(found, |at: usize| at.min(found)));
                if !cursor.symbol(",") {
                    break;
                }
            }
            if verb == "REORGANIZE" {
                cursor.need("INTO")?;
                let new = list(&mut cursor.group()?)?;
                let at = at.unwrap_or(names.len()).min(names.len());
                names.splice(at..at, new);
            }
        }
        _ => return Err(not()),
    }
    Ok(format!("{}({})", normal.get(..start).unwrap_or_default(), names.join(", ")))
}

/// The values of a partition, constants computed as far as they are known.
fn values(group: &mut Cursor<'_, '_>) -> Outcome<String> {
    let mut list = Vec::new();
    while !group.done() {
        if group.word("MAXVALUE") {
            list.push("maxvalue".to_owned());
        } else if group.sees_symbol(0, "(") {
            let inner = group.group()?;
            list.push(format!("({})", token_form(inner.tokens).replace(", ", ",")));
        } else {
            list.push(constant(&Parser::new(group).part()?));
        }
        if !group.symbol(",") {
            group.end()?;
        }
    }
    Ok(list.join(","))
}

fn constant(expr: &Expr) -> String {
    match expr {
        Expr::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
            ("to_days", [Expr::Text(date)]) => days(date).map_or_else(|| expr.to_string(), |days| days.to_string()),
            ("unix_timestamp", [Expr::Text(date)]) => {
                seconds(date).map_or_else(|| expr.to_string(), |seconds| seconds.to_string())
            }
            ("year", [Expr::Text(date)]) => {
                date.split('-').next().unwrap_or_default().trim_start_matches('0').to_owned()
            }
            _ => expr.to_string(),
        },
        _ => expr.to_string(),
    }
}

/// Days since the year 0, as `TO_DAYS` counts them.
fn days(date: &str) -> Option<i64> {
    let mut parts = date.split([' ', 'T']).next()?.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let (shifted, index) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * index + 2) / 5 + day + 59)
}

/// Seconds since 1970 where clocks show UTC.
fn seconds(date: &str) -> Option<i64> {
    let clock = date.split_once([' ', 'T']).map_or("00:00:00", |(_, clock)| clock);
    let mut parts = clock.split('.').next()?.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    Some((days(date)? - 719_528) * 86_400 + hour * 3600 + minute * 60 + second)
}
