//! Writing in place of what was read, and only of that.

use redis::{Cmd, Value, cmd};

use crate::failure::Result;
use crate::server::{Reply, Server};

/// Compares and writes as one step of the server. The whole old value is compared, not a hash of it: that is exact, and the
/// server, which does nothing else meanwhile, compares some GB in the time that SHA-1 takes for a few hundred MB. It costs sending
/// the old value back.
const KEY: &str = "\
local now = redis.pcall('GET', KEYS[1])
if now == false then return 'missing' end
if now ~= ARGV[1] then return 'changed' end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 'written'";

/// The same for a field of a hash, on servers whose fields have no times to live.
const FIELD: &str = "\
local now = redis.pcall('HGET', KEYS[1], ARGV[3])
if now == false then return 'missing' end
if now ~= ARGV[1] then return 'changed' end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[2])
return 'written'";

/// The same where they have: HSET takes a field's time away, so that it is put back. It is also set before, to what it is: for a
/// user who may not do that the script ends there, and the field with its time is as it was.
const FIELD_WITH_TIME: &str = "\
local now = redis.pcall('HGET', KEYS[1], ARGV[3])
if now == false then return 'missing' end
if now ~= ARGV[1] then return 'changed' end
local at = redis.call('HPEXPIRETIME', KEYS[1], 'FIELDS', 1, ARGV[3])[1]
local function expire()
  if at > 0 then redis.call('HPEXPIREAT', KEYS[1], string.format('%.0f', at), 'FIELDS', 1, ARGV[3]) end
end
expire()
redis.call('HSET', KEYS[1], ARGV[3], ARGV[2])
expire()
return 'written'";

/// Where a value is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) key: Vec<u8>,
    /// Of a hash.
    pub(crate) field: Option<Vec<u8>>,
}

impl Place {
    /// The whole value.
    pub(crate) fn get(&self) -> Cmd {
        match &self.field {
            None => command("GET", &[&self.key]),
            Some(field) => command("HGET", &[&self.key, field]),
        }
    }
}

/// A command with these arguments.
pub(crate) fn command(name: &str, arguments: &[&[u8]]) -> Cmd {
    let mut command = cmd(name);
    for argument in arguments {
        command.arg(argument);
    }
    command
}

/// What became of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    Yes,
    /// Something else stands there by now.
    Changed,
    /// Nothing stands there any more.
    Missing,
    /// The server does not want to.
    No(String),
}

/// A script, and the name that the server gave it.
struct Script {
    text: &'static str,
    sha: Vec<u8>,
}

/// Writes by scripts.
pub(crate) struct Replacer {
    key: Script,
    field: Script,
}

impl Replacer {
    pub(crate) fn new(server: &mut Server, fields_have_times: bool) -> Result<Self> {
        let field = if fields_have_times { FIELD_WITH_TIME } else { FIELD };
        Ok(Replacer { key: load(server, KEY)?, field: load(server, field)? })
    }

    /// Replaces each of these (place, old, new), all in one message.
    pub(crate) fn replace(&self, server: &mut Server, writes: &[(&Place, &[u8], &[u8])]) -> Result<Vec<Written>> {
        let commands: Vec<Cmd> = writes.iter().map(|write| self.command("EVALSHA", write)).collect();
        let mut replies = server.all(&commands)?;
        // Somebody has emptied the server's store of scripts, or another server has taken over: nothing was written by those.
        for (reply, write) in replies.iter_mut().zip(writes) {
            if reply.as_ref().is_err_and(|error| error.code == "NOSCRIPT") {
                *reply = server.one(self.command("EVAL", write))?;
            }
        }
        Ok(replies.into_iter().map(written).collect())
    }

    fn command(&self, name: &str, (place, old, new): &(&Place, &[u8], &[u8])) -> Cmd {
        let script = if place.field.is_none() { &self.key } else { &self.field };
        let which = if name == "EVAL" { script.text.as_bytes() } else { &script.sha };
        let mut command = command(name, &[which, b"1", &place.key, old, new]);
        if let Some(field) = &place.field {
            command.arg(field);
        }
        command
    }
}

fn load(server: &mut Server, text: &'static str) -> Result<Script> {
    match server.required(command("SCRIPT", &[b"LOAD", text.as_bytes()]))? {
        Value::BulkString(sha) => Ok(Script { text, sha }),
        _ => Err(format!("{}: SCRIPT LOAD gave no name for a script", server.url).into()),
    }
}

fn written(reply: Reply) -> Written {
    match reply {
        Ok(Value::BulkString(word)) if word == b"written" => Written::Yes,
        Ok(Value::BulkString(word)) if word == b"changed" => Written::Changed,
        Ok(Value::BulkString(word)) if word == b"missing" => Written::Missing,
        Ok(_) => Written::No("the server gave an answer that the script does not give".to_string()),
        Err(error) => Written::No(error.message),
    }
}

/// Whether the fields of hashes have times to live here, as from Redis 7.4 on.
pub(crate) fn fields_have_times(server: &mut Server) -> Result<bool> {
    let known = server.required(command("COMMAND", &[b"INFO", b"HPEXPIRETIME"]))?;
    Ok(matches!(known, Value::Array(commands) if matches!(commands[..], [Value::Array(_)])))
}
