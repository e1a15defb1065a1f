//! Times of chrono and of time: as they are written by default, and by their attributes.

use chrono::{DateTime, FixedOffset, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) struct Chrono {
    time: DateTime<Utc>,
    times: Vec<DateTime<Utc>>,
    offset: DateTime<FixedOffset>,
    naive: (NaiveDateTime, NaiveDate, NaiveTime),
    #[serde(with = "chrono::serde::ts_milliseconds")]
    milliseconds: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_nanoseconds_option")]
    maybe: Option<DateTime<Utc>>,
    #[serde(with = "chrono::naive::serde::ts_seconds")]
    seconds: NaiveDateTime,
    delta: TimeDelta,
    names: (Weekday, Month),
}

pub(crate) fn chrono() -> impl Strategy<Value = Chrono> {
    (-6_000_000_000..6_000_000_000i64, 0..1_000_000_000u32, any::<bool>()).prop_map(|(seconds, nanoseconds, some)| {
        let time = DateTime::from_timestamp(seconds, nanoseconds).unwrap();
        let naive = time.naive_utc();
        Chrono {
            time,
            times: vec![time; 3],
            offset: time.with_timezone(&FixedOffset::east_opt(5400).unwrap()),
            naive: (naive, naive.date(), naive.time()),
            milliseconds: DateTime::from_timestamp_millis(seconds).unwrap(),
            maybe: some.then_some(time),
            seconds: DateTime::from_timestamp(seconds, 0).unwrap().naive_utc(),
            delta: TimeDelta::new(seconds, nanoseconds).unwrap(),
            names: (Weekday::Fri, Month::March),
        }
    })
}

#[derive(Serialize, Deserialize, PartialEq, Debug, Clone)]
pub(crate) struct OfTime {
    time: OffsetDateTime,
    times: Vec<OffsetDateTime>,
    parts: (PrimitiveDateTime, Date, Time, UtcOffset),
    #[serde(with = "time::serde::timestamp::option")]
    maybe: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    text: OffsetDateTime,
    duration: time::Duration,
    names: (time::Weekday, time::Month),
}

pub(crate) fn of_time() -> impl Strategy<Value = OfTime> {
    (0..6_000_000_000i64, 0..1_000_000_000u32, any::<bool>()).prop_map(|(seconds, nanoseconds, some)| {
        let whole = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let time = whole.replace_nanosecond(nanoseconds).unwrap();
        OfTime {
            time: time.to_offset(UtcOffset::from_hms(1, 30, 0).unwrap()),
            times: vec![time; 3],
            parts: (PrimitiveDateTime::new(time.date(), time.time()), time.date(), time.time(), UtcOffset::UTC),
            maybe: some.then_some(whole),
            text: time,
            duration: time::Duration::new(seconds, 7),
            names: (time.weekday(), time.month()),
        }
    })
}
