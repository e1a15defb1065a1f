//! The command line.

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use ndwire::foreign::Encoding;

/// Look at the arrays that a Redis server holds, and migrate them from older encodings to ndwire and back.
#[derive(Parser)]
#[command(name = "ndwire", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print what is in a file, a key, or the keys of a pattern: encodings, names, dtypes and shapes, and no other content.
    Describe(Describe),
    /// Rewrite the values of a pattern in another encoding. Changes nothing without --write.
    Migrate(Migrate),
}

/// Which server.
#[derive(Args)]
pub(crate) struct ServerArguments {
    /// The server, as redis[s]://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE] or unix:///PATH[?db=DATABASE].
    // The value of the variable may hold a password, and the help would print it.
    #[arg(long, env = "REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) url: Option<String>,
}

#[derive(Args)]
#[command(group = ArgGroup::new("what").required(true).args(["file", "key", "pattern"]))]
pub(crate) struct Describe {
    /// The file to describe.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<std::path::PathBuf>,
    /// The key to describe, of which only the first bytes are read if it is an ndwire value.
    #[arg(long)]
    pub(crate) key: Option<String>,
    /// Describe every key of this pattern (as of KEYS) that is a string, in a line, and count them by encoding and shape.
    #[arg(long)]
    pub(crate) pattern: Option<String>,
    /// Take what is recognised as nothing for this encoding: dims-header:DTYPE, as in dims-header:<u2.
    #[arg(long = "as", value_name = "ENCODING", value_parser = dims_header)]
    pub(crate) otherwise: Option<Encoding>,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

#[derive(Args)]
pub(crate) struct Migrate {
    /// Which keys, as of KEYS: frame:* or *.
    #[arg(long)]
    pub(crate) pattern: String,
    /// The encodings to rewrite: msgpack-numpy, text-header, npy, ndwire, and dims-header:DTYPE, as in dims-header:<u2.
    #[arg(long, value_name = "ENCODING", value_delimiter = ',', required = true)]
    pub(crate) from: Vec<Encoding>,
    /// The encoding to write.
    #[arg(long, value_enum, default_value_t = Target::Ndwire)]
    pub(crate) to: Target,
    /// Write. Without it nothing is changed, and what would be is printed.
    #[arg(long)]
    pub(crate) write: bool,
    /// The fields of hashes, too, but for those that a search index takes for vectors.
    #[arg(long)]
    pub(crate) fields: bool,
    /// Print a line for each value that is (or would be) rewritten.
    #[arg(long)]
    pub(crate) list: bool,
    /// How many keys are read together.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) batch: u32,
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

/// What can be written.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Target {
    Ndwire,
    MsgpackNumpy,
}

impl Target {
    pub(crate) fn encoding(self) -> Encoding {
        match self {
            Target::Ndwire => Encoding::Ndwire,
            Target::MsgpackNumpy => Encoding::MsgpackNumpy,
        }
    }
}

/// Every other encoding is recognised.
fn dims_header(name: &str) -> Result<Encoding, String> {
    match name.parse() {
        Ok(encoding @ Encoding::DimsHeader(_)) => Ok(encoding),
        Ok(encoding) => Err(format!("{encoding} is recognised by itself: expected dims-header:DTYPE")),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
