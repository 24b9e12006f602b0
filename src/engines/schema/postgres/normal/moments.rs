//! Dates, times and intervals in one form. What depends on the moment (`now`, `today`) or is written in a way that is not looked into stays as it is.

/// Digits and what separates them.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|one: char| !one.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        if digits.is_empty() { None } else { Some(digits) }
    }

    fn eat(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

/// Year, month, day.
fn day(reader: &mut Reader<'_>) -> Option<(i64, i64, i64)> {
    let year = reader.number().filter(|digits| digits.len() == 4)?.parse().ok()?;
    if !reader.eat('-') {
        return None;
    }
    let month: i64 = reader.number().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    if !reader.eat('-') {
        return None;
    }
    let day: i64 = reader.number().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// Microseconds of the day.
fn clock(reader: &mut Reader<'_>) -> Option<i64> {
    let hour: i64 = reader.number().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    if !reader.eat(':') {
        return None;
    }
    let minute: i64 = reader.number().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    let mut micros = (hour * 60 + minute) * 60_000_000;
    if reader.eat(':') {
        micros += reader.number().filter(|digits| digits.len() <= 2)?.parse::<i64>().ok()? * 1_000_000;
        if reader.eat('.') {
            micros += fraction(reader.number()?)?;
        }
    }
    (hour <= 24 && minute < 60).then_some(micros)
}

/// Digits behind the point of a second, as microseconds.
fn fraction(digits: &str) -> Option<i64> {
    let six: String = digits.chars().chain("000000".chars()).take(6).collect();
    six.parse().ok()
}

/// Minutes east of Greenwich.
fn zone(reader: &mut Reader<'_>) -> Option<i64> {
    reader.blanks();
    if reader.rest.eq_ignore_ascii_case("z")
        || reader.rest.eq_ignore_ascii_case("utc")
        || reader.rest.eq_ignore_ascii_case("gmt")
    {
        reader.rest = "";
        return Some(0);
    }
    let west = match reader.rest.chars().next()? {
        '+' => false,
        '-' => true,
        _ => return None,
    };
    reader.eat(if west { '-' } else { '+' });
    let digits = reader.number()?;
    let (hours, minutes) = match digits.len() {
        1 | 2 => {
            let minutes =
                if reader.eat(':') { reader.number().filter(|digits| digits.len() <= 2)?.parse().ok()? } else { 0 };
            (digits.parse::<i64>().ok()?, minutes)
        }
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse::<i64>().ok()?),
        _ => return None,
    };
    let minutes = hours * 60 + minutes;
    Some(if west { -minutes } else { minutes })
}

/// Days since 1970 of a date.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day since 1970.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = years + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// A date.
pub(super) fn date(text: &str) -> Option<String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("epoch") {
        return Some("1970-01-01".to_owned());
    }
    let mut reader = Reader { rest: text };
    let (year, month, day) = day(&mut reader)?;
    let midnight = {
        let rest = reader.rest.trim();
        rest.is_empty() || rest.trim_start_matches(['T', ' ']).starts_with("00:00:00")
    };
    midnight.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The day after a date.
pub(super) fn day_after(text: &str) -> Option<String> {
    let (year, month, day) = day(&mut Reader { rest: text })?;
    let (year, month, day) = date_of(days_of(year, month, day) + 1);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// A moment. One without a zone is taken to be in UTC, the zone in which the server prints it.
pub(super) fn timestamp(text: &str, zoned: bool) -> Option<String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("epoch") {
        return Some(if zoned { "1970-01-01 00:00:00+00" } else { "1970-01-01 00:00:00" }.to_owned());
    }
    let mut reader = Reader { rest: text };
    let (year, month, day) = day(&mut reader)?;
    let mut micros = 0;
    if reader.eat('T') || reader.eat('t') || reader.eat(' ') {
        reader.blanks();
        if reader.rest.starts_with(|one: char| one.is_ascii_digit()) {
            micros = clock(&mut reader)?;
        }
    }
    let mut offset = 0;
    if !reader.rest.trim().is_empty() {
        offset = zone(&mut reader)?;
    }
    if !reader.rest.trim().is_empty() {
        return None;
    }
    // A moment without a zone forgets the one that was written.
    let offset = if zoned { offset } else { 0 };
    let total = days_of(year, month, day) * 86_400_000_000 + micros - offset * 60_000_000;
    let (year, month, day) = date_of(total.div_euclid(86_400_000_000));
    let clock = clock_text(total.rem_euclid(86_400_000_000));
    Some(format!("{year:04}-{month:02}-{day:02} {clock}{}", if zoned { "+00" } else { "" }))
}

fn clock_text(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match micros % 1_000_000 {
        0 => text,
        rest => format!("{text}.{}", format!("{rest:06}").trim_end_matches('0')),
    }
}

/// A time of the day.
pub(super) fn time(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text.trim() };
    let micros = clock(&mut reader)?;
    reader.rest.is_empty().then(|| clock_text(micros))
}

/// A time of the day with its zone.
pub(super) fn zoned_time(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text.trim() };
    let micros = clock(&mut reader)?;
    let offset = zone(&mut reader)?;
    let sign = if offset < 0 { '-' } else { '+' };
    let clock = clock_text(micros);
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
    reader.rest.trim().is_empty().then(|| format!("{clock}{sign}{hours:02}{minutes}"))
}

/// An interval: months, days and microseconds, which the server keeps apart.
pub(super) fn interval(text: &str) -> Option<String> {
    let spelled;
    let text = match text.trim().strip_prefix('P') {
        Some(iso) => {
            spelled = spell_out(iso)?;
            &spelled
        }
        None => text,
    };
    let mut span = Span::default();
    let mut words = text.trim().trim_start_matches('@').split_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.contains(':') {
            span.add_clock(word)?;
            continue;
        }
        let split = word.find(|one: char| one.is_alphabetic()).unwrap_or(word.len());
        let (count, glued) = word.split_at_checked(split)?;
        let unit = if glued.is_empty() { words.next().unwrap_or("seconds") } else { glued };
        span.add(count, &unit.to_lowercase())?;
    }
    span.text()
}

/// Months, days and microseconds.
#[derive(Default)]
struct Span {
    months: i64,
    days: i64,
    micros: i64,
}

impl Span {
    fn add_clock(&mut self, word: &str) -> Option<()> {
        let (negative, clock_word) = match word.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, word.strip_prefix('+').unwrap_or(word)),
        };
        let mut reader = Reader { rest: clock_word };
        let found = clock(&mut reader)?;
        self.micros = self.micros.checked_add(if negative { -found } else { found })?;
        reader.rest.is_empty().then_some(())
    }

    fn add(&mut self, count: &str, unit: &str) -> Option<()> {
        let (whole, part) = count.split_once('.').unwrap_or((count, ""));
        let number: i64 = whole.parse().ok()?;
        // How many months, days and seconds the unit is, and how many seconds a part of it is made of.
        let (months, days, seconds, of_part) = match unit.trim_end_matches('s') {
            "year" | "yr" | "y" => (12, 0, 0, None),
            "mon" | "month" => (1, 0, 0, None),
            "week" | "w" => (0, 7, 0, Some(7 * 86_400)),
            "day" | "d" => (0, 1, 0, Some(86_400)),
            "hour" | "hr" | "h" => (0, 0, 3600, Some(3600)),
            "minute" | "min" | "m" => (0, 0, 60, Some(60)),
            "second" | "sec" | "" => (0, 0, 1, Some(1)),
            _ => return None,
        };
        self.months = self.months.checked_add(number.checked_mul(months)?)?;
        self.days = self.days.checked_add(number.checked_mul(days)?)?;
        self.micros = self.micros.checked_add(number.checked_mul(seconds)?.checked_mul(1_000_000)?)?;
        if !part.is_empty() {
            // Parts of a day are hours; what parts of a month are is not looked into.
            let of_unit = fraction(part)?.checked_mul(of_part?)?;
            self.micros = self.micros.checked_add(if count.starts_with('-') { -of_unit } else { of_unit })?;
        }
        Some(())
    }

    fn text(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.months != 0 {
            parts.push(format!("{} months", self.months));
        }
        if self.days != 0 {
            parts.push(format!("{} days", self.days));
        }
        if self.micros != 0 || parts.is_empty() {
            let clock = clock_text(self.micros.checked_abs()?);
            parts.push(if self.micros < 0 { format!("-{clock}") } else { clock });
        }
        Some(parts.join(" "))
    }
}

/// `1DT2H` of ISO 8601 as `1 day 2 hour`.
fn spell_out(iso: &str) -> Option<String> {
    let mut text = String::new();
    let mut of_day = false;
    for next in iso.chars() {
        let unit = match (next, of_day) {
            ('T', _) => {
                of_day = true;
                continue;
            }
            ('Y', _) => " year ",
            ('M', false) => " month ",
            ('W', _) => " week ",
            ('D', _) => " day ",
            ('H', _) => " hour ",
            ('M', true) => " minute ",
            ('S', _) => " second ",
            (other, _) if other.is_ascii_digit() || matches!(other, '.' | '-') => {
                text.push(other);
                continue;
            }
            _ => return None,
        };
        text.push_str(unit);
    }
    Some(text)
}
