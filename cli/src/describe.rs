//! Printing what is in values: of ndwire values from their first bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use ndwire::foreign::Encoding;
use ndwire::{Layout, Value};
use redis::{Cmd, Value as Reply};

use crate::arguments::Describe;
use crate::failure::Result;
use crate::judge::is_ndwire;
use crate::pages::Pages;
use crate::replace::command;
use crate::server::Server;
use crate::show;

/// What is read first: the head of most values is shorter.
const FIRST: usize = 4096;

/// Keys that are looked at together.
const PAGE: u32 = 100;

/// Arrays that a line names.
const ARRAYS: usize = 8;

/// Groups that the summary lists, and tells apart.
const LISTED: usize = 40;
const GROUPS: usize = 10_000;

/// Whether everything could be described.
pub(crate) fn run(arguments: &Describe) -> Result<bool> {
    let mut out = io::stdout().lock();
    if let Some(path) = &arguments.file {
        let shown = show::name(path.as_os_str().as_encoded_bytes());
        let (len, mut read) = file(path).map_err(|error| format!("{shown}: {error}"))?;
        tree(
            &shown,
            arguments,
            len,
            &mut |wanted| Ok(read(wanted).map_err(|error| format!("{shown}: {error}"))?),
            &mut out,
        )?;
    } else if let Some(key) = &arguments.key {
        let mut server = Server::connect(&arguments.server)?;
        let shown = show::name(key.as_bytes());
        let len = match server.one(command("STRLEN", &[key.as_bytes()]))?.map_err(|error| error.message) {
            Ok(Reply::Int(len)) if len > 0 => len.unsigned_abs(),
            Ok(_) => return Err(format!("{shown}: no such key, or an empty value").into()),
            Err(why) => return Err(format!("{shown}: {why}").into()),
        };
        tree(&shown, arguments, len, &mut |wanted| range(&mut server, key.as_bytes(), wanted), &mut out)?;
    } else if let Some(pattern) = &arguments.pattern {
        return keys(pattern, arguments, &mut out);
    }
    out.flush()?;
    Ok(true)
}

/// The length of a file, and a way to read its first bytes. What is no plain file, such as a pipe, is read once and whole.
fn file(path: &Path) -> io::Result<(u64, impl FnMut(usize) -> io::Result<Vec<u8>>)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let mut whole = None;
    if !metadata.is_file() {
        file.read_to_end(whole.insert(Vec::new()))?;
    }
    let len = whole.as_ref().map_or(metadata.len(), |whole| whole.len() as u64);
    let read = move |wanted: usize| {
        if let Some(whole) = &whole {
            return Ok(whole[..wanted.min(whole.len())].to_vec());
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(wanted as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    Ok((len, read))
}

/// The first bytes of a key. GETRANGE counts its end in.
fn range(server: &mut Server, key: &[u8], wanted: usize) -> Result<Vec<u8>> {
    let end = (wanted.max(1) - 1).to_string();
    match server.one(command("GETRANGE", &[key, b"0", end.as_bytes()]))? {
        Ok(Reply::BulkString(bytes)) => Ok(bytes),
        Ok(_) => Ok(Vec::new()),
        // It is of another type by now.
        Err(error) if error.code == "WRONGTYPE" => Ok(Vec::new()),
        Err(error) => Err(format!("{}: {}", show::name(key), error.message).into()),
    }
}

/// A way to read the first bytes of a value.
type First<'r> = &'r mut dyn FnMut(usize) -> Result<Vec<u8>>;

/// What a value is.
struct Found {
    encoding: Encoding,
    /// The head of an ndwire value that is it, or of one of the same data.
    head: Vec<u8>,
    /// Whether the head is that of the value itself, so that the byte ranges in it mean something.
    itself: bool,
}

/// Why it cannot be told what a value is, and its encoding if that is known.
struct Unknown {
    encoding: Option<Encoding>,
    why: String,
}

impl Unknown {
    fn of(encoding: Encoding, why: String) -> Self {
        Unknown { encoding: Some(encoding), why }
    }
}

/// Looks at as few bytes as can be.
fn find(len: u64, otherwise: Option<Encoding>, first: First<'_>) -> Result<std::result::Result<Found, Unknown>> {
    let mut bytes = first(FIRST)?;
    if is_ndwire(&bytes) {
        let needed = Layout::needed(&bytes).unwrap_or(usize::MAX);
        if needed > bytes.len() && len > bytes.len() as u64 {
            bytes = first(needed)?;
        }
        return Ok(match Layout::of(&bytes) {
            Ok(layout) if layout.value_len() == len => {
                Ok(Found { encoding: Encoding::Ndwire, head: bytes, itself: true })
            }
            Ok(layout) => {
                let needed = layout.value_len();
                Err(Unknown::of(Encoding::Ndwire, format!("needed {needed} bytes, found {len}")))
            }
            Err(error) => Err(Unknown::of(Encoding::Ndwire, show::unreadable(&error))),
        });
    }
    if len > bytes.len() as u64 {
        bytes = first(usize::try_from(len).unwrap_or(usize::MAX))?;
    }
    let detected = Encoding::detect_arrays(&bytes).map_err(|error| error.to_string());
    let encoding = match (detected, otherwise) {
        (Ok(encoding), _) => encoding,
        (Err(_), Some(encoding)) => encoding,
        (Err(why), None) => return Ok(Err(Unknown { encoding: None, why })),
    };
    let value = encoding.decode::<Value>(&bytes).and_then(|value| ndwire::to_vec(&value));
    Ok(match value {
        Ok(head) => Ok(Found { encoding, head, itself: false }),
        Err(error) => Err(Unknown::of(encoding, show::unreadable(&error))),
    })
}

/// All that is in one value.
fn tree(name: &str, arguments: &Describe, len: u64, first: First<'_>, out: &mut dyn Write) -> Result<()> {
    let found = find(len, arguments.otherwise, first)?.map_err(|unknown| match unknown.encoding {
        Some(encoding) => format!("{name}: {}, cannot be read: {}", show::encoding(encoding), unknown.why),
        None => format!("{name}: {}", unknown.why),
    })?;
    let layout = Layout::of(&found.head).map_err(|error| format!("{name}: {error}"))?;
    writeln!(out, "{name}: {}, {} bytes", show::encoding(found.encoding), show::number(len))?;
    match found.itself {
        true => write!(out, "{layout}")?,
        false => write!(out, "{layout:#}")?,
    }
    Ok(())
}

/// By encoding and shape, or by what stands in the way: how many keys, and bytes.
type Groups = BTreeMap<(String, String), (u64, u64)>;

/// A line for each key, and a summary.
fn keys(pattern: &str, arguments: &Describe, out: &mut dyn Write) -> Result<bool> {
    let mut server = Server::connect(&arguments.server)?;
    let mut groups = Groups::new();
    let mut pages = Pages::new(pattern, "string", PAGE);
    let (mut unknown, mut unreadable) = (0u64, 0u64);
    while let Some(keys) = pages.next(&mut server)? {
        let end = (FIRST - 1).to_string();
        let looks =
            keys.iter().flat_map(|key| [command("GETRANGE", &[key, b"0", end.as_bytes()]), command("STRLEN", &[key])]);
        let replies = server.all(&looks.collect::<Vec<Cmd>>())?;
        for (key, replies) in keys.iter().zip(replies.chunks_exact(2)) {
            let name = show::name(key);
            let (head, len) = match replies {
                [Ok(Reply::BulkString(head)), Ok(Reply::Int(len))] if *len > 0 => (head, len.unsigned_abs()),
                [Err(error), _] | [_, Err(error)] if error.code != "WRONGTYPE" => {
                    unreadable += 1;
                    writeln!(out, "{name}: cannot be read: {}", error.message)?;
                    count(&mut groups, ("cannot be read".to_string(), error.message.clone()), 0);
                    continue;
                }
                // It is gone by now, or empty.
                _ => continue,
            };
            let found = find(len, arguments.otherwise, &mut |wanted| {
                if wanted <= FIRST { Ok(head.clone()) } else { range(&mut server, key, wanted) }
            })?;
            let group = match found {
                Ok(found) => (show::encoding(found.encoding), line(&found.head)),
                Err(Unknown { encoding: Some(encoding), why }) => {
                    unreadable += 1;
                    (show::encoding(encoding), format!("cannot be read: {}", show::without_offset(&why)))
                }
                Err(Unknown { encoding: None, why }) => {
                    unknown += 1;
                    ("other".to_string(), show::other(&why).to_string())
                }
            };
            writeln!(out, "{name}: {}, {} bytes: {}", group.0, show::number(len), group.1)?;
            count(&mut groups, group, len);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let keys = groups.iter().map(|(_, (count, _))| count).sum();
    let bytes = groups.iter().map(|(_, (_, bytes))| bytes).sum();
    let [keys, bytes, unknown, broken] = [keys, bytes, unknown, unreadable].map(show::number);
    writeln!(out, "total: {keys} keys, {bytes} bytes, {unknown} of no known encoding, {broken} that cannot be read")?;
    for ((encoding, shape), (count, bytes)) in groups.iter().take(LISTED) {
        writeln!(out, "  {}  {encoding}: {shape} ({} bytes)", show::number(*count), show::number(*bytes))?;
    }
    if groups.len() > LISTED {
        writeln!(out, "  and {} more", show::number((groups.len() - LISTED) as u64))?;
    }
    out.flush()?;
    Ok(unreadable == 0)
}

/// Positions and names in reasons may be without end: what is more than the summary tells apart is counted together.
fn count(groups: &mut Groups, group: (String, String), len: u64) {
    let is_one_more = groups.len() >= GROUPS && !groups.contains_key(&group);
    let group = if is_one_more { (group.0, "more".to_string()) } else { group };
    let (count, bytes) = groups.entry(group).or_default();
    *count += 1;
    *bytes += len;
}

/// The arrays of a value with dtypes and shapes; else what sort of thing it is.
fn line(head: &[u8]) -> String {
    let Ok(layout) = Layout::of(head) else { return String::new() };
    let mut arrays = Vec::new();
    let mut count = 0;
    for entry in layout.entries().filter(|entry| matches!(entry.kind(), "array" | "rows")) {
        count += 1;
        if arrays.len() < ARRAYS {
            let (path, shown) = (entry.path(), format!("{entry:#}"));
            let separator = if path.is_empty() { "" } else { ": " };
            arrays.push(format!("{}{separator}{}", show::bounded(&path, 80), show::bounded(&shown, 160)));
        }
    }
    match count {
        0 => layout.entries().next().map(|root| root.kind().to_string()).unwrap_or_default(),
        count if count > arrays.len() => format!("{}, and {} more arrays", arrays.join(", "), count - arrays.len()),
        _ => arrays.join(", "),
    }
}
