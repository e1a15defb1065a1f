//! The keys of a pattern, a page at a time.

use redis::cmd;

use crate::failure::Result;
use crate::server::Server;

/// SCAN for keys of one type. It gives every key that is there from the beginning to the end, and may give one twice.
pub(crate) struct Pages<'p> {
    pattern: &'p str,
    kind: &'static str,
    count: u32,
    /// Of the next page, unless the last one was it.
    cursor: Option<Vec<u8>>,
}

impl<'p> Pages<'p> {
    pub(crate) fn new(pattern: &'p str, kind: &'static str, count: u32) -> Self {
        Pages { pattern, kind, count, cursor: Some(b"0".to_vec()) }
    }

    /// The keys of the next page: perhaps none, and more or fewer than were asked for.
    pub(crate) fn next(&mut self, server: &mut Server) -> Result<Option<Vec<Vec<u8>>>> {
        let Some(cursor) = self.cursor.take() else { return Ok(None) };
        let mut scan = cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(self.pattern).arg("COUNT").arg(self.count).arg("TYPE").arg(self.kind);
        let (cursor, keys) = server.page(scan)?;
        self.cursor = (cursor != b"0").then_some(cursor);
        Ok(Some(keys))
    }
}
