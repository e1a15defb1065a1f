//! Counts of instructions, as a section of the report.

/// What the section begins with, and how an earlier one is found.
const TITLE: &str = "## Instructions\n";

pub fn count(_date: &str) -> Result<String, String> {
    Err("not yet".to_owned())
}

/// The section as it stands in an earlier report, or that there is none.
pub fn of_earlier_report(report: &str) -> String {
    let section = report.split_once(TITLE).map(|(_, rest)| rest.split("\n## ").next().unwrap_or_default());
    match section {
        Some(section) => format!("{TITLE}{section}"),
        None => format!("{TITLE}\nNot counted yet: run the program with `--instructions`.\n"),
    }
}
