//! Days and the Gregorian calendar, also far before and after our time.

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A day and a time of day, in some zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: usize,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// From 0, Sunday.
    pub(super) weekday: usize,
    /// From 1.
    pub(super) yday: i64,
}

pub(super) fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) fn days_in(month: usize, year: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How many days of the year are before this month, leap days apart.
pub(super) fn days_before(month: usize) -> i64 {
    (1..month.min(13)).map(|month| days_in(month, 1)).sum()
}

/// Days since 1 January 1970. The month may be any number, the day too.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let months = year.saturating_mul(12).saturating_add(month.saturating_sub(1));
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as usize + 1);
    let before = year.saturating_sub(1);
    let years = before
        .saturating_mul(365)
        .saturating_add(before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400));
    let leap_day = i64::from(month > 2 && leap(year));
    years.saturating_add(days_before(month) + leap_day).saturating_add(day.saturating_sub(1)).saturating_sub(719_162)
}

impl Civil {
    /// Seconds since the start of 1970, in the same zone.
    pub(super) fn of(seconds: i64) -> Civil {
        let (number, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Days since 1 March of the year 0, in cycles of 400 years: leap days come last in each year then.
        let from_march = number + 719_468;
        let (cycle, in_cycle) = (from_march.div_euclid(146_097), from_march.rem_euclid(146_097));
        let year = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
        let in_year = in_cycle - (365 * year + year / 4 - year / 100);
        let march = (5 * in_year + 2) / 153;
        let day = in_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 } as usize;
        let year = year + cycle * 400 + i64::from(month <= 2);
        let yday = days_before(month) + day + i64::from(month > 2 && leap(year));
        let weekday = (number + 4).rem_euclid(7) as usize;
        Civil { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60, weekday, yday }
    }
}
