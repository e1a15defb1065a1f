//! Rewriting the values of a pattern.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use ndwire::foreign::Encoding;
use redis::{Cmd, Value, cmd};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::arguments::Migrate;
use crate::failure::{Failure, Result};
use crate::indexes::VectorFields;
use crate::judge::{HEADER, Plan, Verdict, is_ndwire};
use crate::pages::Pages;
use crate::replace::{Place, Replacer, Written, command, fields_have_times};
use crate::server::{Reply, Server};
use crate::show;
use crate::summary::Summary;

/// Bytes of values that are read together, unless a single one has more.
const TOGETHER: u64 = 16 << 20;

/// Fields that are read together, values and all: a server gives a few more than it is asked for.
const FIELDS: u32 = 16;

/// Whether all is done that should be.
pub(crate) fn run(arguments: &Migrate) -> Result<bool> {
    let plan = plan(arguments)?;
    let stop = note_signals()?;
    let mut server = Server::connect(&arguments.server)?;
    let mut out = io::stdout().lock();
    introduce(arguments, &plan, &mut server, &mut out)?;
    let replacer = match arguments.write {
        true => Some(writer(&mut server, arguments.fields)?),
        false => None,
    };
    let vectors = if arguments.fields { VectorFields::ask(&mut server)? } else { VectorFields::default() };
    let progress = progress(&mut server, arguments)?;
    let mut migration = Migration {
        server,
        plan,
        replacer,
        vectors,
        list: arguments.list,
        stop,
        progress,
        summary: Summary::default(),
    };
    let ended =
        migration.keys(arguments).and_then(|()| if arguments.fields { migration.hashes(arguments) } else { Ok(()) });
    migration.progress.finish_and_clear();
    // What was done is told even if the server went away.
    migration.summary.print(arguments.write, &mut out)?;
    ended?;
    let interrupted = migration.is_to_stop();
    if interrupted {
        writeln!(out, "interrupted: run it again for the rest")?;
    }
    if !arguments.write {
        writeln!(out, "nothing was written: this was a dry run, without --write")?;
    }
    out.flush()?;
    Ok(migration.summary.is_complete() && !interrupted)
}

fn plan(arguments: &Migrate) -> Result<Plan> {
    let to = arguments.to.encoding();
    if arguments.from.contains(&to) {
        return Err(Failure::Usage(format!("--from names {to}, which is what --to writes")));
    }
    if let Some((one, other)) = alike(&arguments.from) {
        let message = format!("--from names {one} and {other}, which nothing in a value tells apart: name one of them");
        return Err(Failure::Usage(message));
    }
    Ok(Plan { from: arguments.from.clone(), to })
}

/// Two headers of dims whose elements have the same size. Those of other sizes differ in the length of the value.
fn alike(from: &[Encoding]) -> Option<(Encoding, Encoding)> {
    let size = |encoding: &Encoding| match encoding {
        Encoding::DimsHeader(dtype) => Some(dtype.dtype.size()),
        _ => None,
    };
    from.iter().enumerate().find_map(|(index, one)| {
        let other =
            from[..index].iter().find(|other| *other != one && size(one).is_some() && size(other) == size(one))?;
        Some((*other, *one))
    })
}

/// Ctrl-C is noted, and ends the program where it may end; the second one ends it at once.
fn note_signals() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 1, stop.clone())
            .and_then(|_| signal_hook::flag::register(signal, stop.clone()))
            .map_err(|error| format!("cannot take note of Ctrl-C: {error}"))?;
    }
    Ok(stop)
}

/// Says what is going to happen, and where.
fn introduce(arguments: &Migrate, plan: &Plan, server: &mut Server, out: &mut dyn Write) -> Result<()> {
    let from: Vec<String> = plan.from.iter().copied().map(show::encoding).collect();
    writeln!(
        out,
        "{}: {} of {} from {} to {}{}",
        server.url,
        if arguments.fields { "keys and fields" } else { "keys" },
        show::name(arguments.pattern.as_bytes()),
        from.join(", "),
        plan.to,
        if arguments.write { "" } else { ", dry run" }
    )?;
    let cluster = server.info("cluster")?.contains("cluster_enabled:1");
    let replica = server.info("replication")?.contains("role:slave");
    if replica && (arguments.write || cluster) {
        return Err(format!("{}: is a replica: give the url of a primary", server.url).into());
    }
    if cluster {
        writeln!(out, "this is one node of a cluster: only its keys are migrated; run this for each of its primaries")?;
    }
    Ok(())
}

fn writer(server: &mut Server, fields: bool) -> Result<Replacer> {
    let with_times = fields && fields_have_times(server)?;
    Replacer::new(server, with_times)
}

/// Hidden unless the user looks at a terminal.
fn progress(server: &mut Server, arguments: &Migrate) -> Result<ProgressBar> {
    let keys = match server.one(cmd("DBSIZE"))? {
        Ok(Value::Int(keys)) => u64::try_from(keys).unwrap_or(0),
        _ => 0,
    };
    // Hashes are looked for after the strings, among all keys again.
    let progress = ProgressBar::new(if arguments.fields { keys * 2 } else { keys });
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} keys, {msg} {eta}") {
        progress.set_style(style);
    }
    Ok(progress)
}

struct Migration {
    server: Server,
    plan: Plan,
    /// None in a dry run.
    replacer: Option<Replacer>,
    vectors: VectorFields,
    list: bool,
    stop: Arc<AtomicBool>,
    progress: ProgressBar,
    summary: Summary,
}

impl Migration {
    fn is_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// All strings.
    fn keys(&mut self, arguments: &Migrate) -> Result<()> {
        let mut pages = Pages::new(&arguments.pattern, "string", arguments.batch);
        while !self.is_to_stop()
            && let Some(keys) = pages.next(&mut self.server)?
        {
            // More of them may come than were asked for.
            for keys in keys.chunks(arguments.batch as usize) {
                if self.is_to_stop() {
                    return Ok(());
                }
                self.batch(keys)?;
            }
            self.advance(arguments.batch);
        }
        Ok(())
    }

    /// The fields of all hashes.
    fn hashes(&mut self, arguments: &Migrate) -> Result<()> {
        let mut pages = Pages::new(&arguments.pattern, "hash", arguments.batch);
        while !self.is_to_stop()
            && let Some(keys) = pages.next(&mut self.server)?
        {
            for key in &keys {
                self.fields(key)?;
            }
            self.advance(arguments.batch);
        }
        Ok(())
    }

    fn advance(&self, scanned: u32) {
        let end = self.progress.length().unwrap_or(0);
        self.progress.set_position((self.progress.position() + u64::from(scanned)).min(end));
        self.progress.set_message(format!("{} converted", show::number(self.summary.converted)));
    }

    /// Looks at the heads first: what is ndwire by now is not read again.
    fn batch(&mut self, keys: &[Vec<u8>]) -> Result<()> {
        let end = (HEADER - 1).to_string();
        let looks =
            keys.iter().flat_map(|key| [command("GETRANGE", &[key, b"0", end.as_bytes()]), command("STRLEN", &[key])]);
        let replies = self.server.all(&looks.collect::<Vec<Cmd>>())?;
        let mut waiting = Vec::new();
        let mut waiting_bytes = 0;
        for (key, replies) in keys.iter().zip(replies.chunks_exact(2)) {
            let place = Place { key: key.clone(), field: None };
            let (head, len) = match replies {
                [Ok(Value::BulkString(head)), Ok(Value::Int(len))] => (head, u64::try_from(*len).unwrap_or(0)),
                [Err(error), _] | [_, Err(error)] => {
                    self.unread(&place, error);
                    continue;
                }
                _ => (&Vec::new(), 0),
            };
            if self.plan.to == Encoding::Ndwire && is_ndwire(head) {
                self.summary.note(&place_name(&place), 0, &Verdict::Already, self.plan.to);
                continue;
            }
            if waiting_bytes + len > TOGETHER {
                self.read(&std::mem::take(&mut waiting))?;
                waiting_bytes = 0;
            }
            waiting_bytes += len;
            waiting.push(place);
        }
        self.read(&waiting)
    }

    fn read(&mut self, places: &[Place]) -> Result<()> {
        if self.is_to_stop() {
            return Ok(());
        }
        let replies = self.server.all(&places.iter().map(Place::get).collect::<Vec<Cmd>>())?;
        let mut found = Vec::new();
        for (place, reply) in places.iter().zip(replies) {
            found.extend(self.value(place, reply).map(|value| (place.clone(), value)));
        }
        self.values(found)
    }

    /// What was read; none if there is nothing, which is noted.
    fn value(&mut self, place: &Place, reply: Reply) -> Option<Vec<u8>> {
        match reply {
            Ok(Value::BulkString(value)) => return Some(value),
            Ok(_) => self.summary.note_missing(&place_name(place)),
            Err(error) => self.unread(place, &error),
        }
        None
    }

    fn unread(&mut self, place: &Place, error: &crate::server::ServerError) {
        match error.code.as_str() {
            "WRONGTYPE" => self.summary.note_missing(&place_name(place)),
            _ => self.summary.note_unread(&place_name(place), &error.message),
        }
    }

    fn fields(&mut self, key: &[u8]) -> Result<()> {
        let mut cursor = b"0".to_vec();
        let count = FIELDS.to_string();
        loop {
            if self.is_to_stop() {
                return Ok(());
            }
            // As a reply, since it may be of another type by now.
            let scan = command("HSCAN", &[key, &cursor, b"COUNT", count.as_bytes()]);
            let reply = self.server.one(scan)?;
            let place = Place { key: key.to_vec(), field: None };
            let (next, found) = match reply {
                Ok(page) => {
                    crate::server::page(page).ok_or_else(|| format!("{}: HSCAN gave no page", self.server.url))?
                }
                Err(error) => {
                    self.unread(&place, &error);
                    return Ok(());
                }
            };
            let pairs = found.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
            let pairs = pairs.filter(|(field, _)| !self.vectors.holds(key, field));
            let values = pairs.map(|(field, value)| (Place { key: key.to_vec(), field: Some(field) }, value));
            let values: Vec<_> = values.collect();
            self.values(values)?;
            if next == b"0" {
                return Ok(());
            }
            cursor = next;
        }
    }

    /// Judges each, and writes what is to be.
    fn values(&mut self, values: Vec<(Place, Vec<u8>)>) -> Result<()> {
        let mut writes = Vec::new();
        for (place, old) in values {
            // What was converted before is still written below.
            if self.is_to_stop() {
                break;
            }
            match self.plan.judge(&old) {
                Verdict::Convert { from, new } if self.replacer.is_some() => writes.push((place, from, old, new)),
                verdict => self.note(&place, old.len(), &verdict)?,
            }
        }
        let Some(replacer) = &self.replacer else { return Ok(()) };
        let commands: Vec<_> = writes.iter().map(|(place, _, old, new)| (place, &old[..], &new[..])).collect();
        let done = replacer.replace(&mut self.server, &commands)?;
        for ((place, from, old, new), done) in writes.into_iter().zip(done) {
            match done {
                Written::Changed => self.again(&place)?,
                done => self.written(&place, from, old.len(), new, done)?,
            }
        }
        Ok(())
    }

    fn written(&mut self, place: &Place, from: Encoding, len: usize, new: Vec<u8>, done: Written) -> Result<()> {
        match done {
            Written::Yes => self.note(place, len, &Verdict::Convert { from, new }),
            Written::No(why) => self.note(place, len, &Verdict::Refused(from, why)),
            Written::Changed => {
                self.summary.note_changed(&place_name(place), from);
                Ok(())
            }
            Written::Missing => {
                self.summary.note_missing(&place_name(place));
                Ok(())
            }
        }
    }

    /// Once more, for what somebody else has written meanwhile.
    fn again(&mut self, place: &Place) -> Result<()> {
        let reply = self.server.one(place.get())?;
        let Some(old) = self.value(place, reply) else { return Ok(()) };
        let verdict = self.plan.judge(&old);
        let (Verdict::Convert { from, new }, Some(replacer)) = (&verdict, &self.replacer) else {
            return self.note(place, old.len(), &verdict);
        };
        let done = replacer.replace(&mut self.server, &[(place, &old, new)])?;
        let done = done.into_iter().next().unwrap_or(Written::Missing);
        self.written(place, *from, old.len(), new.clone(), done)
    }

    fn note(&mut self, place: &Place, len: usize, verdict: &Verdict) -> Result<()> {
        let name = place_name(place);
        self.summary.note(&name, len, verdict, self.plan.to);
        if self.list
            && let Verdict::Convert { from, new } = verdict
        {
            let (from, to) = (show::encoding(*from), self.plan.to);
            self.progress
                .suspend(|| writeln!(io::stdout(), "{name}: {from}, {len} bytes, to {to}, {} bytes", new.len()))?;
        }
        Ok(())
    }
}

/// A key, or a key with its field.
fn place_name(place: &Place) -> String {
    match &place.field {
        None => show::name(&place.key),
        Some(field) => format!("{} {}", show::name(&place.key), show::name(field)),
    }
}
