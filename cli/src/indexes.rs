//! Which fields a search index takes for vectors: these are blobs that the server computes on.

use redis::Value;

use crate::failure::Result;
use crate::replace::command;
use crate::server::Server;

/// The vectors of the search indexes on hashes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct VectorFields {
    indexes: Vec<Index>,
}

#[derive(Debug, PartialEq, Eq)]
struct Index {
    /// Of the keys that are indexed.
    prefixes: Vec<Vec<u8>>,
    fields: Vec<Vec<u8>>,
}

impl VectorFields {
    /// Asks the server. One without a search module has none; one that does not tell is an error, as nothing else is safe.
    pub(crate) fn ask(server: &mut Server) -> Result<Self> {
        let names = match server.one(command("FT._LIST", &[]))? {
            Ok(Value::Array(names) | Value::Set(names)) => names,
            Err(error) if error.code == "ERR" && error.message.contains("unknown command") => {
                return Ok(Self::default());
            }
            Ok(_) => return Err(not_told(server, "FT._LIST gave no list")),
            Err(error) => return Err(not_told(server, &error.message)),
        };
        let mut found = VectorFields::default();
        for name in &names {
            let Some(name) = text(name) else { return Err(not_told(server, "FT._LIST gave no list of names")) };
            let info = server.one(command("FT.INFO", &[name]))?;
            let index = info.map_err(|error| error.message).and_then(|info| {
                index(&info).ok_or_else(|| "FT.INFO gave no definition and attributes of an index".to_string())
            });
            match index {
                Ok(index) => found.indexes.extend(index),
                Err(message) => return Err(not_told(server, &message)),
            }
        }
        Ok(found)
    }

    /// Whether this field of this key is, or may be, a vector. What an index selects by a filter is not evaluated: it may be.
    pub(crate) fn holds(&self, key: &[u8], field: &[u8]) -> bool {
        let indexed = self.indexes.iter().filter(|index| index.prefixes.iter().any(|prefix| key.starts_with(prefix)));
        indexed.flat_map(|index| &index.fields).any(|vector| vector == field)
    }
}

fn not_told(server: &Server, why: &str) -> crate::failure::Failure {
    let message = "cannot tell which fields of hashes are indexed vectors, which must stay as they are";
    format!("{}: {message}: {why}; without --fields only keys are migrated", server.url).into()
}

/// What FT.INFO says of an index on hashes; no index if it is on something else. `None` if it cannot be understood.
fn index(info: &Value) -> Option<Option<Index>> {
    let definition = entry(info, "index_definition")?;
    if !text(entry(definition, "key_type")?)?.eq_ignore_ascii_case(b"HASH") {
        return Some(None);
    }
    let prefixes = items(entry(definition, "prefixes")?)?.iter().map(|prefix| text(prefix).map(<[u8]>::to_vec));
    let attributes = items(entry(info, "attributes").or_else(|| entry(info, "fields"))?)?;
    let mut fields = Vec::new();
    for attribute in attributes {
        let (name, kind) = match (entry(attribute, "identifier"), items(attribute)) {
            (Some(name), _) => (name, entry(attribute, "type")?),
            // The first versions name a field in the first place, without a word before it.
            (None, Some([name, rest @ ..])) => (name, behind(rest, "type")?),
            _ => return None,
        };
        if text(kind)?.eq_ignore_ascii_case(b"VECTOR") {
            fields.push(text(name)?.to_vec());
        }
    }
    Some(Some(Index { prefixes: prefixes.collect::<Option<_>>()?, fields }))
}

/// The value of a name, in a map or in a list of names with their values (at whose end may be words without).
fn entry<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Map(entries) => {
            let found = entries.iter().find(|(key, _)| text(key).is_some_and(|key| key == name.as_bytes()));
            found.map(|(_, value)| value)
        }
        _ => behind(items(value)?, name),
    }
}

fn behind<'v>(pairs: &'v [Value], name: &str) -> Option<&'v Value> {
    let found = pairs.chunks_exact(2).find(|pair| text(&pair[0]).is_some_and(|key| key == name.as_bytes()));
    found.map(|pair| &pair[1])
}

fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(items) | Value::Set(items) => Some(items),
        _ => None,
    }
}

fn text(value: &Value) -> Option<&[u8]> {
    match value {
        Value::BulkString(text) => Some(text),
        Value::SimpleString(text) => Some(text.as_bytes()),
        _ => None,
    }
}
