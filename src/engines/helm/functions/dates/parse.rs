//! Reading a time by its layout.
use super::civil::{DAYS, MONTHS, days_before, days_in, leap};
use super::duration::{leading, quote};
use super::layout::{Piece, next};
use super::zone::{Time, Zone};

/// Why a piece was not taken.
enum Fault {
    /// It does not look like that.
    Bad,
    /// A number is too large: which.
    Range(&'static str),
}

#[derive(Default)]
struct Read {
    year: i64,
    month: Option<usize>,
    day: Option<i64>,
    yday: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanoseconds: u32,
    pm: bool,
    am: bool,
    utc: bool,
    offset: Option<i64>,
    zone: Vec<u8>,
}

/// Reads `text`, which looks like `layout`. Without a zone it is local time.
///
/// # Errors
/// Go's `parsing time "…" as "…": cannot parse "…" as "…"` and its kin.
pub(super) fn parse(layout: &[u8], text: &[u8]) -> Result<Time, String> {
    let cannot = |rest: &[u8], piece: &[u8]| {
        format!("parsing time {} as {}: cannot parse {} as {}", quote(text), quote(layout), quote(rest), quote(piece))
    };
    let fault = |what: &str| format!("parsing time {}: {what}", quote(text));
    let mut read = Read { month: None, ..Read::default() };
    let (mut pieces, mut rest) = (layout, text);
    loop {
        let Some((before, piece, length, after)) = next(pieces) else {
            rest = skip(rest, pieces).map_err(|rest| cannot(rest, pieces))?;
            if !rest.is_empty() {
                return Err(fault(&format!("extra text: {}", quote(rest))));
            }
            break;
        };
        rest = skip(rest, before).map_err(|rest| cannot(rest, before))?;
        let spelled = pieces.get(before.len()..before.len() + length).unwrap_or_default();
        pieces = after;
        rest = match read.piece(piece, rest, after) {
            Ok(rest) => rest,
            Err(Fault::Bad) => return Err(cannot(rest, spelled)),
            Err(Fault::Range(what)) => return Err(fault(&format!("{what} out of range"))),
        };
    }
    read.finish().map_err(fault)
}

/// What follows a plain text. Blanks stand for any number of blanks.
fn skip<'a>(text: &'a [u8], plain: &[u8]) -> Result<&'a [u8], &'a [u8]> {
    let (mut text, mut plain) = (text, plain);
    let cut = |text: &[u8]| text.iter().position(|byte| *byte != b' ').unwrap_or(text.len());
    while let [first, after @ ..] = plain {
        if *first == b' ' {
            if text.first().is_some_and(|byte| *byte != b' ') {
                return Err(text);
            }
            plain = plain.get(cut(plain)..).unwrap_or_default();
            text = text.get(cut(text)..).unwrap_or_default();
            continue;
        }
        match text {
            [byte, rest @ ..] if byte == first => (text, plain) = (rest, after),
            _ => return Err(text),
        }
    }
    Ok(text)
}

fn digit(text: &[u8], at: usize) -> Option<i64> {
    text.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| i64::from(byte - b'0'))
}

/// One or two digits; exactly two when fixed.
fn number(text: &[u8], fixed: bool) -> Result<(i64, &[u8]), Fault> {
    match (digit(text, 0), digit(text, 1)) {
        (Some(ten), Some(one)) => Ok((ten * 10 + one, text.get(2..).unwrap_or_default())),
        (Some(one), None) if !fixed => Ok((one, text.get(1..).unwrap_or_default())),
        _ => Err(Fault::Bad),
    }
}

fn ranged<'a>(text: &'a [u8], fixed: bool, limit: i64, what: &'static str) -> Result<(i64, &'a [u8]), Fault> {
    let (number, rest) = number(text, fixed)?;
    if number < limit { Ok((number, rest)) } else { Err(Fault::Range(what)) }
}

/// A name of the table, or its first letters, in any case.
fn lookup<'a>(text: &'a [u8], names: &[&str], length: usize) -> Result<(usize, &'a [u8]), Fault> {
    for (at, name) in names.iter().enumerate() {
        let name = name.as_bytes().get(..length.min(name.len())).unwrap_or_default();
        if text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return Ok((at, text.get(name.len()..).unwrap_or_default()));
        }
    }
    Err(Fault::Bad)
}

fn nanoseconds(text: &[u8], length: usize) -> Result<u32, Fault> {
    let digits = text.get(1..length.min(10)).unwrap_or_default();
    match text.first() {
        Some(b'.' | b',') if digits.iter().all(u8::is_ascii_digit) && !digits.is_empty() => {
            let number = digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
            Ok(number * 10u32.pow(9u32.saturating_sub(digits.len() as u32)))
        }
        _ => Err(Fault::Bad),
    }
}

/// How long the abbreviation of a zone is that the text begins with.
fn zone_length(text: &[u8]) -> Option<usize> {
    let signed = |text: &[u8]| {
        let digits = match text {
            [b'+' | b'-', digits @ ..] => digits,
            _ => return 0,
        };
        match leading(digits) {
            (Some(number), rest) if rest.len() < digits.len() && number <= 23 => text.len() - rest.len(),
            _ => 0,
        }
    };
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix(b"GMT") {
        return Some(3 + signed(rest));
    }
    if matches!(text.first(), Some(b'+' | b'-')) {
        return Some(signed(text)).filter(|length| *length > 0);
    }
    let upper = text.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count();
    match upper {
        5 if text.get(4) == Some(&b'T') => Some(5),
        4 if text.get(3) == Some(&b'T') || text.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

impl Read {
    /// Reads one piece; gives what follows it.
    fn piece<'a>(&mut self, piece: Piece, text: &'a [u8], after: &[u8]) -> Result<&'a [u8], Fault> {
        let tail = |length: usize| text.get(length..).ok_or(Fault::Bad);
        let blanks = |text: &'a [u8], most: usize| {
            let count = text.iter().take(most).take_while(|byte| **byte == b' ').count();
            text.get(count..).unwrap_or_default()
        };
        let rest;
        match piece {
            Piece::Year => {
                rest = tail(2)?;
                let year = plain(text, 2)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Piece::LongYear => {
                rest = tail(4)?;
                self.year = plain(text, 4)?;
            }
            Piece::Month | Piece::LongMonth => {
                let (at, after) = lookup(text, &MONTHS, if piece == Piece::Month { 3 } else { usize::MAX })?;
                (self.month, rest) = (Some(at + 1), after);
            }
            Piece::NumMonth | Piece::ZeroMonth => {
                let (month, after) = ranged(text, piece == Piece::ZeroMonth, 13, "month")?;
                if month == 0 {
                    return Err(Fault::Range("month"));
                }
                (self.month, rest) = (Some(month as usize), after);
            }
            Piece::Weekday | Piece::LongWeekday => {
                (_, rest) = lookup(text, &DAYS, if piece == Piece::Weekday { 3 } else { usize::MAX })?
            }
            Piece::Day | Piece::UnderDay | Piece::ZeroDay => {
                let text = if piece == Piece::UnderDay { blanks(text, 1) } else { text };
                let (day, after) = number(text, piece == Piece::ZeroDay)?;
                (self.day, rest) = (Some(day), after);
            }
            Piece::UnderYearDay | Piece::ZeroYearDay => {
                let text = if piece == Piece::UnderYearDay { blanks(text, 2) } else { text };
                let count = (0..3).take_while(|at| digit(text, *at).is_some()).count();
                if count == 0 || piece == Piece::ZeroYearDay && count != 3 {
                    return Err(Fault::Bad);
                }
                self.yday =
                    Some((0..count).filter_map(|at| digit(text, at)).fold(0, |number, digit| number * 10 + digit));
                rest = text.get(count..).unwrap_or_default();
            }
            _ => return self.clock(piece, text, after),
        }
        Ok(rest)
    }

    /// As `piece`, for what follows the day.
    fn clock<'a>(&mut self, piece: Piece, text: &'a [u8], after: &[u8]) -> Result<&'a [u8], Fault> {
        let tail = |length: usize| text.get(length..).ok_or(Fault::Bad);
        let rest;
        match piece {
            Piece::Hour => (self.hour, rest) = ranged(text, false, 24, "hour")?,
            Piece::Hour12 | Piece::ZeroHour12 => {
                (self.hour, rest) = ranged(text, piece == Piece::ZeroHour12, 13, "hour")?
            }
            Piece::Minute | Piece::ZeroMinute => {
                (self.minute, rest) = ranged(text, piece == Piece::ZeroMinute, 60, "minute")?
            }
            Piece::Second | Piece::ZeroSecond => {
                (self.second, rest) = ranged(text, piece == Piece::ZeroSecond, 60, "second")?;
                return self.hidden_fraction(rest, after);
            }
            Piece::UpperPm | Piece::LowerPm => {
                rest = tail(2)?;
                match (piece == Piece::UpperPm, text.get(..2)) {
                    (true, Some(b"PM")) | (false, Some(b"pm")) => self.pm = true,
                    (true, Some(b"AM")) | (false, Some(b"am")) => self.am = true,
                    _ => return Err(Fault::Bad),
                }
            }
            Piece::Offset { z: true, .. } if text.first() == Some(&b'Z') => {
                self.utc = true;
                rest = tail(1)?;
            }
            Piece::Offset { colon, parts, .. } => return self.offset(text, colon, parts),
            Piece::ZoneName if text.starts_with(b"UTC") => {
                self.utc = true;
                rest = tail(3)?;
            }
            Piece::ZoneName => {
                let (name, after) = text.split_at_checked(zone_length(text).ok_or(Fault::Bad)?).ok_or(Fault::Bad)?;
                (self.zone, rest) = (name.to_vec(), after);
            }
            Piece::Fraction(_, count) => {
                rest = tail(count + 1)?;
                self.nanoseconds = nanoseconds(text, count + 1)?;
            }
            Piece::ShortFraction(..) => return self.any_fraction(text),
            _ => return Err(Fault::Bad),
        }
        Ok(rest)
    }

    /// A fraction of a second is taken also where the layout has none.
    fn hidden_fraction<'a>(&mut self, text: &'a [u8], after: &[u8]) -> Result<&'a [u8], Fault> {
        // Only the next piece counts, wherever it stands.
        if let Some((_, Piece::Fraction(..) | Piece::ShortFraction(..), _, _)) = next(after) {
            return Ok(text);
        }
        self.any_fraction(text)
    }

    fn any_fraction<'a>(&mut self, text: &'a [u8]) -> Result<&'a [u8], Fault> {
        if !matches!(text.first(), Some(b'.' | b',')) || digit(text, 1).is_none() {
            return Ok(text);
        }
        let end = 1 + text.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
        self.nanoseconds = nanoseconds(text, end)?;
        Ok(text.get(end..).unwrap_or_default())
    }

    fn offset<'a>(&mut self, text: &'a [u8], colon: bool, parts: u8) -> Result<&'a [u8], Fault> {
        let step = if colon { 3 } else { 2 };
        let length = 1 + step * usize::from(parts) - usize::from(colon);
        let (taken, rest) = text.split_at_checked(length).ok_or(Fault::Bad)?;
        let mut numbers = [0; 3];
        for (at, part) in numbers.iter_mut().enumerate().take(usize::from(parts)) {
            let start = 1 + step * at;
            if colon && at > 0 && taken.get(start - 1) != Some(&b':') {
                return Err(Fault::Bad);
            }
            *part = number(taken.get(start..start + 2).unwrap_or_default(), true)?.0;
        }
        let [hours, minutes, seconds] = numbers;
        for (number, limit, what) in [
            (hours, 24, "time zone offset hour"),
            (minutes, 60, "time zone offset minute"),
            (seconds, 60, "time zone offset second"),
        ] {
            if number > limit {
                return Err(Fault::Range(what));
            }
        }
        let offset = (hours * 60 + minutes) * 60 + seconds;
        self.offset = Some(match taken.first() {
            Some(b'+') => offset,
            Some(b'-') => -offset,
            _ => return Err(Fault::Bad),
        });
        Ok(rest)
    }

    /// The time of all that was read.
    fn finish(mut self) -> Result<Time, &'static str> {
        if self.pm && self.hour < 12 {
            self.hour += 12;
        } else if self.am && self.hour == 12 {
            self.hour = 0;
        }
        let (month, day) = self.day()?;
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let date = |zone: Zone| {
            Time::date((self.year, month as i64, day), (self.hour, self.minute, self.second), self.nanoseconds, zone)
        };
        if self.utc {
            return Ok(date(Zone::Utc));
        }
        // An offset of one second west cannot be told from none at all, there as here.
        if let Some(offset) = self.offset.filter(|offset| *offset != -1) {
            let zone = match (offset, self.zone.is_empty()) {
                (0, true) => Zone::Local,
                _ => Zone::Fixed(String::from_utf8_lossy(&self.zone).into_owned(), offset),
            };
            return Ok(date(zone));
        }
        if self.zone.is_empty() {
            return Ok(date(Zone::Local));
        }
        let hours = self.zone.strip_prefix(b"GMT").filter(|hours| !hours.is_empty()).map_or(0, super::whole);
        // The hour of the clock is taken for UTC; the offset is only shown.
        let time = date(Zone::Utc);
        Ok(time.in_zone(Zone::Fixed(String::from_utf8_lossy(&self.zone).into_owned(), hours * 3600)))
    }

    fn day(&self) -> Result<(usize, i64), &'static str> {
        let Some(mut yday) = self.yday else { return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1))) };
        let mut found = None;
        if leap(self.year) {
            match yday {
                60 => found = Some((2, 29)),
                61.. => yday -= 1,
                _ => {}
            }
        }
        if !(1..=365).contains(&yday) {
            return Err("day-of-year out of range");
        }
        let (month, day) = found.unwrap_or_else(|| {
            let month = (1..=12).rev().find(|month| days_before(*month) < yday).unwrap_or(1);
            (month, yday - days_before(month))
        });
        if self.month.is_some_and(|other| other != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|other| other != day) {
            return Err("day-of-year does not match day");
        }
        Ok((month, day))
    }
}

/// So many digits; a sign in front of two digits is taken as there (`-1`, `+1` for a year of two).
fn plain(text: &[u8], length: usize) -> Result<i64, Fault> {
    let part = text.get(..length).ok_or(Fault::Bad)?;
    let (negative, digits) = match part {
        [b'-', digits @ ..] if length == 2 => (true, digits),
        [b'+', digits @ ..] if length == 2 => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Fault::Bad);
    }
    let number = digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    Ok(if negative { -number } else { number })
}
