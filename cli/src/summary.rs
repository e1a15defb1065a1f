//! What was found, and what became of it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ndwire::foreign::Encoding;

use crate::judge::Verdict;
use crate::show;

/// Keys that are named for a reason, and reasons that are told apart.
const NAMED: usize = 3;
const REASONS: usize = 50;

/// What was found, by encoding.
#[derive(Default)]
pub(crate) struct Summary {
    encodings: BTreeMap<String, Counts>,
    others: Reasons,
    refused: Reasons,
    changed: Reasons,
    missing: Reasons,
    /// Converted to what is not taken for an encoding of arrays again.
    one_way: Reasons,
    seen: u64,
    pub(crate) converted: u64,
}

#[derive(Default)]
struct Counts {
    seen: u64,
    converted: u64,
    before: u64,
    after: u64,
    already: u64,
    not_named: u64,
    no_array: u64,
    refused: u64,
    changed: u64,
}

/// Reasons with how often they came, and where first.
#[derive(Default)]
struct Reasons(BTreeMap<String, Reason>);

#[derive(Default)]
struct Reason {
    /// As it was said first.
    text: String,
    count: u64,
    places: Vec<String>,
}

impl Reasons {
    /// Lengths and positions differ from value to value: one reason is what differs in numbers only.
    fn note(&mut self, text: &str, place: &str) {
        let text = show::without_offset(text);
        let kind = without_numbers(text);
        let (kind, text) = match self.0.len() < REASONS || self.0.contains_key(&kind) {
            true => (kind, text),
            false => (String::new(), "other reasons"),
        };
        let reason = self.0.entry(kind).or_default();
        if reason.count == 0 {
            reason.text = text.to_string();
        }
        reason.count += 1;
        if reason.places.len() < NAMED {
            reason.places.push(place.to_string());
        }
    }

    fn count(&self) -> u64 {
        self.0.values().map(|reason| reason.count).sum()
    }

    fn print(&self, title: &str, out: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        writeln!(out, "{title}:")?;
        let mut reasons: Vec<_> = self.0.values().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        for Reason { text, count, places } in reasons {
            let more = if *count > places.len() as u64 { ", …" } else { "" };
            writeln!(out, "  {}  {text} ({}{more})", show::number(*count), places.join(", "))?;
        }
        Ok(())
    }
}

impl Summary {
    /// What became of a value of so many bytes.
    pub(crate) fn note(&mut self, place: &str, len: usize, verdict: &Verdict, to: Encoding) {
        self.seen += 1;
        let encoding = match verdict {
            Verdict::Already => to,
            Verdict::Convert { from: encoding, .. }
            | Verdict::NotNamed(encoding)
            | Verdict::NoArray(encoding)
            | Verdict::Refused(encoding, _) => *encoding,
            Verdict::Other(what) => return self.others.note(show::other(what), place),
        };
        let counts = self.encodings.entry(show::encoding(encoding)).or_default();
        counts.seen += 1;
        match verdict {
            Verdict::Already => counts.already += 1,
            Verdict::Convert { new, .. } => {
                counts.converted += 1;
                counts.before += len as u64;
                counts.after += new.len() as u64;
                self.converted += 1;
                if Encoding::detect_arrays(new).is_err() {
                    self.one_way.note("MessagePack without arrays, as of tables with texts", place);
                }
            }
            Verdict::NotNamed(_) => counts.not_named += 1,
            Verdict::NoArray(_) => counts.no_array += 1,
            Verdict::Refused(_, why) => {
                counts.refused += 1;
                self.refused.note(&format!("{}: {why}", show::encoding(encoding)), place);
            }
            Verdict::Other(_) => {}
        }
    }

    /// Somebody else wrote it, again and again.
    pub(crate) fn note_changed(&mut self, place: &str, from: Encoding) {
        self.seen += 1;
        let counts = self.encodings.entry(show::encoding(from)).or_default();
        counts.seen += 1;
        counts.changed += 1;
        self.changed.note("written by somebody else while it was converted, twice", place);
    }

    /// It was there, and is not.
    pub(crate) fn note_missing(&mut self, place: &str) {
        self.seen += 1;
        self.missing.note("deleted, expired or of another type by now", place);
    }

    /// The server did not let it be read, or told.
    pub(crate) fn note_unread(&mut self, place: &str, why: &str) {
        self.seen += 1;
        self.refused.note(why, place);
    }

    /// Whether all that should be converted is.
    pub(crate) fn is_complete(&self) -> bool {
        self.refused.count() == 0 && self.changed.count() == 0
    }

    pub(crate) fn print(&self, wrote: bool, out: &mut dyn Write) -> io::Result<()> {
        let converted = if wrote { "converted" } else { "would be converted" };
        for (encoding, counts) in &self.encodings {
            write!(out, "{encoding}: {}", values(counts.seen))?;
            if counts.converted > 0 {
                let [before, after] = [counts.before, counts.after].map(show::number);
                write!(out, ", {} {converted} ({before} to {after} bytes)", show::number(counts.converted))?;
            }
            let rest = [
                (counts.already, &*format!("already {encoding}")),
                (counts.not_named, "not named by --from"),
                (counts.no_array, "without an array"),
                (counts.refused, "refused"),
                (counts.changed, "changed meanwhile"),
            ];
            for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
                write!(out, ", {} {what}", show::number(count))?;
            }
            writeln!(out)?;
        }
        self.others.print("left alone, no encoding of arrays", out)?;
        self.missing.print("gone meanwhile", out)?;
        self.changed.print("changed meanwhile", out)?;
        self.one_way.print("not found again by the way back", out)?;
        self.refused.print("refused", out)?;
        let [refused, changed] = [&self.refused, &self.changed].map(Reasons::count);
        write!(out, "total: {}, {} {converted}", values(self.seen), show::number(self.converted))?;
        writeln!(out, ", {} refused, {} changed meanwhile", show::number(refused), show::number(changed))
    }
}

/// The text with each number that is a word of its own as one digit; the numbers in names of dtypes stay.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_name = false;
    for c in text.chars() {
        let is_number = c.is_ascii_digit() && !in_name;
        if !is_number || !out.ends_with('0') {
            out.push(if is_number { '0' } else { c });
        }
        in_name = c.is_alphanumeric() && !is_number;
    }
    out
}

fn values(count: u64) -> String {
    format!("{} {}", show::number(count), if count == 1 { "value" } else { "values" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_numbers_are_one() {
        let mut reasons = Reasons::default();
        for number in [5, 77, 123] {
            reasons.note(&format!("[{number}].at: needed {number} bytes of u16, 0 left, at byte {number}"), "a");
        }
        reasons.note("[5].at: needed 5 bytes of u32, 0 left", "b");
        let mut out = Vec::new();
        reasons.print("refused", &mut out).unwrap();
        let expected = "refused:\n  \
                        3  [5].at: needed 5 bytes of u16, 0 left (a, a, a)\n  \
                        1  [5].at: needed 5 bytes of u32, 0 left (b)\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn reasons_without_end_are_counted_together() {
        let mut reasons = Reasons::default();
        for at in 0..1000usize {
            reasons.note(&format!("field {}", "x".repeat(at)), &format!("key:{at}"));
        }
        assert_eq!((reasons.0.len(), reasons.count()), (REASONS + 1, 1000));
        let other = &reasons.0[""];
        assert_eq!((other.text.as_str(), other.count, other.places.len()), ("other reasons", 950, 3));
    }
}
