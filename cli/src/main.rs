//! Looks at the arrays that a Redis server holds, and migrates them from the encodings that were there before.
//!
//! `README.md` shows what it prints.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable))]

mod arguments;
mod describe;
mod failure;
mod indexes;
mod judge;
mod migrate;
mod pages;
mod replace;
mod same;
mod server;
mod show;
mod summary;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Command::Describe(arguments) => describe::run(arguments),
        Command::Migrate(arguments) => migrate::run(arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            if let Some(message) = failure.message() {
                eprintln!("error: {message}");
            }
            ExitCode::from(failure.exit_code())
        }
    }
}
