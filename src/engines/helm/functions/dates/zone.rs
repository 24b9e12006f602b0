//! `time.Time` and its zones. Zones come from data that is part of the program, never from files.
use super::civil::{Civil, days};
use super::duration::Duration;
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::sync::LazyLock;

/// Where a clock stands.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// `UTC`
    Utc,
    /// `Local`, which is UTC too.
    Local,
    /// A name and seconds east of Greenwich.
    Fixed(String, i64),
    /// A zone of the database.
    Named(TimeZone),
}

/// A moment, and the zone to show it in.
#[derive(Debug, Clone)]
pub(super) struct Time {
    /// Since 1970.
    pub(super) seconds: i64,
    /// Below a thousand million.
    pub(super) nanoseconds: u32,
    pub(super) zone: Zone,
    /// Read from the clock: Go prints a second clock with it.
    pub(super) ticking: bool,
}

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

impl Zone {
    /// The zone of this name.
    pub(super) fn load(name: &str) -> Option<Zone> {
        match name {
            "" | "UTC" => return Some(Zone::Utc),
            "Local" => return Some(Zone::Local),
            _ => {}
        }
        // The database knows zones in any case of letters, Go does not.
        let zone = ZONES.get(name).ok()?;
        (zone.iana_name() == Some(name)).then_some(Zone::Named(zone))
    }

    /// Seconds east of Greenwich at a moment, the abbreviation, and whether it is summer time.
    pub(super) fn at(&self, seconds: i64) -> (i64, String, bool) {
        match self {
            Zone::Utc | Zone::Local => (0, "UTC".to_owned(), false),
            Zone::Fixed(name, offset) => (*offset, name.clone(), false),
            Zone::Named(zone) => {
                // The rules of a zone repeat with the calendar, every 400 years.
                const CYCLE: i64 = 146_097 * 86_400;
                const LAST: i64 = 253_000_000_000;
                let near = if seconds > LAST {
                    LAST - CYCLE + (seconds - LAST) % CYCLE
                } else {
                    seconds.max(Timestamp::MIN.as_second())
                };
                let moment = Timestamp::from_second(near);
                let info = moment.map(|moment| zone.to_offset_info(moment));
                let found = info.as_ref().map(|info| {
                    (i64::from(info.offset().seconds()), info.abbreviation().to_owned(), info.dst().is_dst())
                });
                found.unwrap_or_else(|_| (0, "UTC".to_owned(), false))
            }
        }
    }

    /// What `Location.String` gives.
    pub(super) fn name(&self) -> String {
        match self {
            Zone::Utc => "UTC".to_owned(),
            Zone::Local => "Local".to_owned(),
            Zone::Fixed(name, _) => name.clone(),
            Zone::Named(zone) => zone.iana_name().unwrap_or("UTC").to_owned(),
        }
    }
}

impl Time {
    /// Seconds since 1970, shown in the local zone.
    pub(super) fn unix(seconds: i64) -> Time {
        Time { seconds, nanoseconds: 0, zone: Zone::Local, ticking: false }
    }

    /// The zero time: the start of the year 1.
    pub(super) fn zero() -> Time {
        Time { seconds: days(1, 1, 1) * 86_400, nanoseconds: 0, zone: Zone::Utc, ticking: false }
    }

    /// The moment at which clocks in the zone show this. Numbers out of their range carry over.
    pub(super) fn date(date: (i64, i64, i64), clock: (i64, i64, i64), nanoseconds: u32, zone: Zone) -> Time {
        let day = days(date.0, date.1, date.2);
        let shown = day.saturating_mul(86_400).saturating_add(clock.0 * 3600 + clock.1 * 60 + clock.2);
        // The offset now, if clocks there showed UTC, leads near; the offset at that place is the right one.
        let seconds = match zone.at(shown).0 {
            0 => shown,
            guess => shown.saturating_sub(zone.at(shown.saturating_sub(guess)).0),
        };
        Time { seconds, nanoseconds, zone, ticking: false }
    }

    /// The same moment elsewhere.
    pub(super) fn in_zone(self, zone: Zone) -> Time {
        Time { zone, ticking: false, ..self }
    }

    /// What calendar and clock show there.
    pub(super) fn civil(&self) -> Civil {
        Civil::of(self.seconds.saturating_add(self.zone.at(self.seconds).0))
    }

    /// Later by this.
    pub(super) fn plus(self, duration: Duration) -> Time {
        let nanoseconds = i64::from(self.nanoseconds) + duration.0.rem_euclid(1_000_000_000);
        let seconds =
            self.seconds.wrapping_add(duration.0.div_euclid(1_000_000_000)).wrapping_add(nanoseconds / 1_000_000_000);
        Time { seconds, nanoseconds: (nanoseconds % 1_000_000_000) as u32, ..self }
    }

    /// How long after the other; the longest duration there is when it is longer.
    pub(super) fn minus(&self, other: &Time) -> Duration {
        let long = (i128::from(self.seconds) - i128::from(other.seconds)) * 1_000_000_000
            + i128::from(self.nanoseconds)
            - i128::from(other.nanoseconds);
        Duration(long.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// To a multiple of the duration since the zero time: downwards, or to the nearest.
    pub(super) fn multiple(mut self, unit: Duration, nearest: bool) -> Time {
        self.ticking = false;
        if unit.0 <= 0 {
            return self;
        }
        let since = (i128::from(self.seconds) - i128::from(Time::zero().seconds)) * 1_000_000_000
            + i128::from(self.nanoseconds);
        let rest = since.rem_euclid(i128::from(unit.0)) as i64;
        let up = nearest && i128::from(rest) * 2 >= i128::from(unit.0);
        self.plus(Duration(if up { unit.0 - rest } else { -rest }))
    }

    /// For comparisons.
    pub(super) fn key(&self) -> (i64, u32) {
        (self.seconds, self.nanoseconds)
    }
}
