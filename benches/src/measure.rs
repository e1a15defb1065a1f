//! How time is taken: all competitors of a row in turn, for many rounds; the median over the rounds counts.

use std::time::{Duration, Instant};

/// One thing to be timed: it does its work as many times as it is told.
pub struct Competitor<'a> {
    pub name: &'static str,
    pub run: Box<dyn FnMut(u64) + 'a>,
}

impl<'a> Competitor<'a> {
    pub fn new(name: &'static str, mut work: impl FnMut() + 'a) -> Self {
        let run = move |times| {
            for _ in 0..times {
                work();
            }
        };
        Competitor { name, run: Box::new(run) }
    }
}

/// How long to measure.
#[derive(Clone, Copy)]
pub struct Plan {
    pub rounds: usize,
    /// How long one competitor works in one round, unless a single call takes longer.
    pub turn: Duration,
    /// After this there are no more rounds than [`Plan::FEWEST`].
    pub patience: Duration,
}

impl Plan {
    pub const FULL: Plan = Plan { rounds: 61, turn: Duration::from_micros(1_500), patience: Duration::from_secs(8) };
    /// Only to see that everything runs.
    pub const QUICK: Plan = Plan { rounds: 5, turn: Duration::from_micros(200), patience: Duration::ZERO };
    pub const FEWEST: usize = 11;
}

/// Nanoseconds of one call of each competitor: the median over the rounds.
pub fn interleaved(competitors: &mut [Competitor<'_>], plan: Plan) -> Vec<f64> {
    let times: Vec<u64> = competitors.iter_mut().map(|competitor| calls_in_a_turn(competitor, plan.turn)).collect();
    let mut samples = vec![Vec::with_capacity(plan.rounds); competitors.len()];
    let start_of_all = Instant::now();
    for round in 0..plan.rounds {
        if round >= Plan::FEWEST && start_of_all.elapsed() > plan.patience {
            break;
        }
        for place in 0..competitors.len() {
            // Each round begins with another competitor, so that nobody always follows the same neighbour.
            let index = (place + round) % competitors.len();
            let competitor = &mut competitors[index];
            // The first call finds the caches as the neighbour left them.
            (competitor.run)(1);
            let start = Instant::now();
            (competitor.run)(times[index]);
            samples[index].push(nanoseconds(start.elapsed()) / times[index] as f64);
        }
    }
    samples.iter_mut().map(|samples| median(samples)).collect()
}

fn calls_in_a_turn(competitor: &mut Competitor<'_>, turn: Duration) -> u64 {
    (competitor.run)(3);
    let mut times = 1u64;
    loop {
        let start = Instant::now();
        (competitor.run)(times);
        let elapsed = start.elapsed();
        if elapsed >= turn / 4 || times >= 1 << 24 {
            let calls = nanoseconds(turn) / (nanoseconds(elapsed) / times as f64);
            return (calls as u64).max(1);
        }
        times *= 2;
    }
}

fn nanoseconds(duration: Duration) -> f64 {
    duration.as_nanos() as f64
}

fn median(samples: &mut [f64]) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// A time for people.
pub fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e4 => format!("{:.2} µs", n / 1e3),
        n if n < 1e6 => format!("{:.1} µs", n / 1e3),
        n if n < 1e7 => format!("{:.2} ms", n / 1e6),
        n => format!("{:.1} ms", n / 1e6),
    }
}

/// A number with its thousands set apart.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
