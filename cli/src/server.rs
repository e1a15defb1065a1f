//! A connection, whose errors name the server and neither a password nor what a command was given.

use std::time::Duration;

use redis::{Client, Cmd, Connection, ConnectionLike, Value, cmd};

use crate::arguments::ServerArguments;
use crate::failure::{Failure, Result};
use crate::show;

/// What a command gave: a value, or what the server has against it.
pub(crate) type Reply = std::result::Result<Value, ServerError>;

/// What a server has against a command.
#[derive(Debug, Clone)]
pub(crate) struct ServerError {
    pub(crate) code: String,
    /// For people.
    pub(crate) message: String,
}

/// A server that answers.
pub(crate) struct Server {
    connection: Connection,
    /// Without the password.
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn connect(arguments: &ServerArguments) -> Result<Self> {
        // A variable that is set to nothing is none.
        let Some(url) = arguments.url.as_ref().filter(|url| !url.is_empty()) else {
            return Err(Failure::Usage("no server: give --url, or set REDIS_URL".to_string()));
        };
        let shown = without_password(url);
        if url.ends_with("#insecure") {
            let message = format!("{shown}: certificates are always checked: name the one to trust in SSL_CERT_FILE");
            return Err(Failure::Usage(message));
        }
        // What redis-rs says of a URL never repeats the URL.
        let client = Client::open(url.as_str())
            .map_err(|error| Failure::Usage(format!("{shown}: not a server's url: {error}")))?;
        // Only the way to the server has a limit: one that is slow may be in the middle of a write.
        let connection = client
            .get_connection_with_timeout(Duration::from_secs(10))
            .map_err(|error| format!("{shown}: cannot connect: {error}"))?;
        Ok(Server { connection, url: shown })
    }

    /// The replies of several commands that are sent together.
    pub(crate) fn all(&mut self, commands: &[Cmd]) -> Result<Vec<Reply>> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let mut packed = Vec::new();
        for command in commands {
            command.write_packed_command(&mut packed);
        }
        let replies = self
            .connection
            .req_packed_commands(&packed, 0, commands.len())
            .map_err(|error| format!("{}: the connection failed: {error}", self.url))?;
        if replies.len() != commands.len() {
            return Err(format!("{}: {} replies to {} commands", self.url, replies.len(), commands.len()).into());
        }
        Ok(replies.into_iter().map(reply).collect())
    }

    /// The reply of one command.
    pub(crate) fn one(&mut self, command: Cmd) -> Result<Reply> {
        let [reply] = <[Reply; 1]>::try_from(self.all(&[command])?)
            .map_err(|replies| format!("{}: {} replies to a command", self.url, replies.len()))?;
        Ok(reply)
    }

    /// What a command gives that no server refuses to somebody who may work on it.
    pub(crate) fn required(&mut self, command: Cmd) -> Result<Value> {
        self.one(command)?.map_err(|error| format!("{}: {}", self.url, error.message).into())
    }

    /// A section of INFO, or nothing if the user may not have it.
    pub(crate) fn info(&mut self, section: &str) -> Result<String> {
        let mut command = cmd("INFO");
        command.arg(section);
        Ok(match self.one(command)? {
            Ok(Value::BulkString(text)) => String::from_utf8_lossy(&text).into_owned(),
            Ok(Value::VerbatimString { text, .. }) => text,
            _ => String::new(),
        })
    }

    /// A page of SCAN or of one of its kin: where the next begins, and what is on this one.
    pub(crate) fn page(&mut self, command: Cmd) -> Result<(Vec<u8>, Vec<Vec<u8>>)> {
        let reply = self.required(command)?;
        page(reply).ok_or_else(|| format!("{}: SCAN gave something else than a page", self.url).into())
    }
}

/// The reply to SCAN or HSCAN.
pub(crate) fn page(reply: Value) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let Value::Array(parts) = reply else { return None };
    let Ok([Value::BulkString(cursor), Value::Array(found)]) = <[Value; 2]>::try_from(parts) else { return None };
    let found = found.into_iter().map(|item| match item {
        Value::BulkString(item) => Some(item),
        _ => None,
    });
    Some((cursor, found.collect::<Option<_>>()?))
}

fn reply(value: Value) -> Reply {
    match value {
        Value::ServerError(error) => {
            let code = error.code().to_string();
            let message = show::server_error(&code, error.details());
            Err(ServerError { code, message })
        }
        value => Ok(value),
    }
}

/// The URL for people. Of what stands before the last `@` only the user's name is printed.
pub(crate) fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    // A socket has a path, and its password in the query.
    let (who, rest) = match rest.rsplit_once('@').filter(|_| !scheme.contains("unix")) {
        None => (None, rest),
        Some((who, rest)) => (Some(who), rest),
    };
    let mut shown = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    match who.map(|who| who.split_once(':').ok_or(who)) {
        None => {}
        Some(Ok((user, _))) => shown.push_str(&format!("{user}:***@")),
        Some(Err(user)) => shown.push_str(&format!("{user}@")),
    }
    let (place, query) = rest.split_once('?').map_or((rest, ""), |(place, query)| (place, query));
    shown.push_str(place);
    for (index, parameter) in query.split('&').filter(|parameter| !parameter.is_empty()).enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if name.starts_with("pass") => shown.push_str(&format!("{name}=***")),
            _ => shown.push_str(parameter),
        }
    }
    show::name(shown.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn no_password_is_printed() {
        let rows = [
            ("redis://127.0.0.1:6379/", "redis://127.0.0.1:6379/"),
            ("redis://:secret@host/", "redis://:***@host/"),
            ("redis://user:secret@host:1/2", "redis://user:***@host:1/2"),
            ("redis://user@host", "redis://user@host"),
            ("redis://user:se@cr/et@host", "redis://user:***@host"),
            ("rediss://user:secret@host/#insecure", "rediss://user:***@host/#insecure"),
            ("unix:///run/a@b/redis.sock?db=1&user=u&pass=secret", "unix:///run/a@b/redis.sock?db=1&user=u&pass=***"),
            ("redis://user:pa?ss@host/?protocol=resp3", "redis://user:***@host/?protocol=resp3"),
            ("user:secret@host:6379", "user:***@host:6379"),
            ("nonsense", "nonsense"),
        ];
        for (url, shown) in rows {
            assert_eq!(without_password(url), shown);
        }
    }
}
