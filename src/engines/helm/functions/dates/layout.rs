//! Layouts: the reference time `Mon Jan 2 15:04:05 MST 2006` spelled as the output shall look.
use super::civil::{DAYS, MONTHS};
use super::zone::Time;

/// A piece of a layout that stands for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    /// An offset: whether UTC is `Z`, with colons, how many of hours, minutes and seconds.
    Offset {
        z: bool,
        colon: bool,
        parts: u8,
    },
    /// `.000`: the separator and how many digits.
    Fraction(u8, usize),
    /// `.999`
    ShortFraction(u8, usize),
}

/// Spellings that begin with one letter, longest first where one begins another.
const OFFSETS: [(&[u8], bool, u8); 5] =
    [(b"070000", false, 3), (b"07:00:00", true, 3), (b"0700", false, 2), (b"07:00", true, 2), (b"07", false, 1)];

/// The first piece: what stands before it, the piece, its length, what follows.
pub(super) fn next(layout: &[u8]) -> Option<(&[u8], Piece, usize, &[u8])> {
    for at in 0..layout.len() {
        let Some(rest) = layout.get(at..) else { break };
        if let Some((skip, piece, length)) = piece(rest) {
            let start = at + skip;
            return Some((layout.get(..start)?, piece, length, layout.get(start + length..)?));
        }
    }
    None
}

/// The piece that begins here: how many bytes before it are plain, the piece, its length.
fn piece(rest: &[u8]) -> Option<(usize, Piece, usize)> {
    let word = |name: &str| rest.starts_with(name.as_bytes());
    let lower_follows = rest.get(3).is_some_and(u8::is_ascii_lowercase);
    let found = match rest.first()? {
        b'J' if word("January") => (Piece::LongMonth, 7),
        b'J' if word("Jan") && !lower_follows => (Piece::Month, 3),
        b'M' if word("Monday") => (Piece::LongWeekday, 6),
        b'M' if word("Mon") && !lower_follows => (Piece::Weekday, 3),
        b'M' if word("MST") => (Piece::ZoneName, 3),
        b'0' => match rest.get(1)? {
            b'1' => (Piece::ZeroMonth, 2),
            b'2' => (Piece::ZeroDay, 2),
            b'3' => (Piece::ZeroHour12, 2),
            b'4' => (Piece::ZeroMinute, 2),
            b'5' => (Piece::ZeroSecond, 2),
            b'6' => (Piece::Year, 2),
            b'0' if word("002") => (Piece::ZeroYearDay, 3),
            _ => return None,
        },
        b'1' if word("15") => (Piece::Hour, 2),
        b'1' => (Piece::NumMonth, 1),
        b'2' if word("2006") => (Piece::LongYear, 4),
        b'2' => (Piece::Day, 1),
        b'_' if word("_2006") => return Some((1, Piece::LongYear, 4)),
        b'_' if word("_2") => (Piece::UnderDay, 2),
        b'_' if word("__2") => (Piece::UnderYearDay, 3),
        b'3' => (Piece::Hour12, 1),
        b'4' => (Piece::Minute, 1),
        b'5' => (Piece::Second, 1),
        b'P' if word("PM") => (Piece::UpperPm, 2),
        b'p' if word("pm") => (Piece::LowerPm, 2),
        sign @ (b'-' | b'Z') => {
            let (text, colon, parts) =
                OFFSETS.iter().find(|(text, ..)| rest.get(1..).is_some_and(|rest| rest.starts_with(text)))?;
            (Piece::Offset { z: *sign == b'Z', colon: *colon, parts: *parts }, text.len() + 1)
        }
        separator @ (b'.' | b',') => {
            let digit = *rest.get(1).filter(|digit| matches!(digit, b'0' | b'9'))?;
            let count = rest.get(1..)?.iter().take_while(|byte| **byte == digit).count();
            if rest.get(count + 1).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            let piece = if digit == b'0' {
                Piece::Fraction(*separator, count)
            } else {
                Piece::ShortFraction(*separator, count)
            };
            (piece, count + 1)
        }
        _ => return None,
    };
    Some((0, found.0, found.1))
}

/// The time in this layout.
pub(super) fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(layout.len() + 10);
    let civil = time.civil();
    let (offset, zone, _) = time.zone.at(time.seconds);
    let mut layout = layout;
    while let Some((before, piece, _, after)) = next(layout) {
        out.extend_from_slice(before);
        layout = after;
        let month = || MONTHS.get(civil.month.wrapping_sub(1)).copied().unwrap_or_default();
        let weekday = || DAYS.get(civil.weekday).copied().unwrap_or_default();
        let hour12 = if civil.hour % 12 == 0 { 12 } else { civil.hour % 12 };
        let text = match piece {
            Piece::LongMonth => month().to_owned(),
            Piece::Month => month().chars().take(3).collect(),
            Piece::NumMonth => civil.month.to_string(),
            Piece::ZeroMonth => format!("{:02}", civil.month),
            Piece::LongWeekday => weekday().to_owned(),
            Piece::Weekday => weekday().chars().take(3).collect(),
            Piece::Day => civil.day.to_string(),
            Piece::UnderDay => format!("{:>2}", civil.day),
            Piece::ZeroDay => format!("{:02}", civil.day),
            Piece::UnderYearDay => format!("{:>3}", civil.yday),
            Piece::ZeroYearDay => format!("{:03}", civil.yday),
            Piece::Hour => format!("{:02}", civil.hour),
            Piece::Hour12 => hour12.to_string(),
            Piece::ZeroHour12 => format!("{hour12:02}"),
            Piece::Minute => civil.minute.to_string(),
            Piece::ZeroMinute => format!("{:02}", civil.minute),
            Piece::Second => civil.second.to_string(),
            Piece::ZeroSecond => format!("{:02}", civil.second),
            Piece::LongYear if civil.year < 0 => format!("-{:04}", civil.year.unsigned_abs()),
            Piece::LongYear => format!("{:04}", civil.year),
            Piece::Year => format!("{:02}", civil.year.max(0) % 100),
            Piece::UpperPm => if civil.hour >= 12 { "PM" } else { "AM" }.to_owned(),
            Piece::LowerPm => if civil.hour >= 12 { "pm" } else { "am" }.to_owned(),
            Piece::ZoneName if !zone.is_empty() => zone.clone(),
            Piece::ZoneName => numeric(offset, false, 2),
            Piece::Offset { z: true, .. } if offset == 0 => "Z".to_owned(),
            Piece::Offset { colon, parts, .. } => numeric(offset, colon, parts),
            Piece::Fraction(separator, count) => fraction(time.nanoseconds, separator, count),
            Piece::ShortFraction(_, _) if time.nanoseconds == 0 => String::new(),
            Piece::ShortFraction(separator, count) => {
                let text = fraction(time.nanoseconds, separator, count);
                text.trim_end_matches('0').trim_end_matches(char::from(separator)).to_owned()
            }
        };
        out.extend_from_slice(text.as_bytes());
    }
    out.extend_from_slice(layout);
    out
}

/// An offset as `+hh`, `+hhmm`, `+hh:mm`, …
fn numeric(offset: i64, colon: bool, parts: u8) -> String {
    let minutes = offset / 60;
    // Less than a minute west is written `+`, as there.
    let (sign, size) = if minutes < 0 { ('-', -offset) } else { ('+', offset) };
    let minutes = minutes.abs();
    let between = if colon { ":" } else { "" };
    let mut out = format!("{sign}{:02}", minutes / 60);
    if parts > 1 {
        out.push_str(&format!("{between}{:02}", minutes % 60));
    }
    if parts > 2 {
        out.push_str(&format!("{between}{:02}", size % 60));
    }
    out
}

fn fraction(nanoseconds: u32, separator: u8, count: usize) -> String {
    let digits = format!("{nanoseconds:09}");
    format!("{}{}", char::from(separator), digits.get(..count.min(9)).unwrap_or(&digits))
}
