//! Bytes to nodes: the one parser behind everything that reads.

use alloc::format;

use super::{DEPTH_LIMIT, HEADER_LEN, Header, Node, Place, SEQUENCE_BUDGET, tag};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;

/// A place in a value, between two nodes.
///
/// [`node`](Reader::node) opens what has child nodes; whoever reads those calls [`close`](Reader::close) after the last.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    pub(super) value: &'a [u8],
    /// The next byte of META, and its end, both counted from the start of the value.
    pub(super) at: usize,
    meta_end: usize,
    /// Nodes that all open lists and maps still owe (rule R5): never more than the bytes left.
    owed: usize,
    /// Where the last payload (or META) ended.
    pub(super) data_at: u64,
    /// False if the value was given only up to the end of META.
    pub(super) whole: bool,
    depth: usize,
    depth_limit: usize,
    /// Sequences that array nodes may still be presented as (rule R9).
    budget: u64,
}

impl<'a> Reader<'a> {
    /// A reader of a whole value.
    pub(crate) fn new(value: &'a [u8], limits: &Limits) -> Result<Self> {
        if value.len() as u64 > limits.value_len {
            let message = format!("value of {} bytes exceeds the reader's limit of {}", value.len(), limits.value_len);
            return Err(Error::at(0, ErrorKind::LimitExceeded, message));
        }
        let mut reader = Self::of_head(value, limits)?;
        reader.whole = true;
        Ok(reader)
    }

    /// A reader of the head alone: payloads are placed, not looked at.
    pub(crate) fn of_head(value: &'a [u8], limits: &Limits) -> Result<Self> {
        let Header { meta_end } = Header::parse(value)?;
        if (meta_end - HEADER_LEN) as u64 > u64::from(limits.meta_len) {
            let message = format!(
                "metadata of {} bytes exceeds the reader's limit of {}",
                meta_end - HEADER_LEN,
                limits.meta_len
            );
            return Err(Error::at(8, ErrorKind::LimitExceeded, message));
        }
        Ok(Reader {
            value,
            at: HEADER_LEN,
            meta_end,
            owed: usize::from(meta_end > HEADER_LEN),
            data_at: meta_end as u64,
            whole: false,
            depth: 0,
            depth_limit: limits.depth.min(DEPTH_LIMIT),
            budget: (value.len() as u64).saturating_add(SEQUENCE_BUDGET),
        })
    }

    /// Where the reader stands, for [`resume`](Reader::resume).
    pub(crate) fn place(&self) -> [u64; 3] {
        [self.at as u64, self.meta_end as u64, self.data_at]
    }

    /// A reader at a place where another reader of the same value has been, which has read past the next node since. It checks
    /// that node again and the header not: there may be as many such places as nodes.
    pub(crate) fn resume(value: &'a [u8], [at, meta_end, data_at]: [u64; 3]) -> Self {
        let within = |at: u64, least: usize| usize::try_from(at).unwrap_or(value.len()).clamp(least, value.len());
        let at = within(at, 0);
        Reader {
            value,
            at,
            meta_end: within(meta_end, at),
            owed: 1,
            data_at,
            whole: true,
            depth: 0,
            depth_limit: DEPTH_LIMIT,
            budget: 0,
        }
    }

    /// A reader of nodes that stand one after the other, without a header, and have been checked. Their payloads are placed as
    /// if they began the value, and not looked at.
    pub(crate) fn of_nodes(nodes: &'a [u8]) -> Self {
        Reader {
            value: nodes,
            at: 0,
            meta_end: nodes.len(),
            owed: 0,
            data_at: 0,
            whole: false,
            depth: 0,
            depth_limit: DEPTH_LIMIT,
            budget: 0,
        }
    }

    /// Where the next node starts, counted from the start of the value.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.at as u64
    }

    /// Where the last payload (or META) ended.
    pub(crate) fn data_end(&self) -> u64 {
        self.data_at
    }

    /// The bytes of META from an earlier [`offset`](Reader::offset) to here.
    pub(crate) fn meta_since(&self, offset: u64) -> &'a [u8] {
        let start = usize::try_from(offset).unwrap_or(self.at).min(self.at);
        &self.value[start..self.at]
    }

    /// Takes sequences from the budget for presenting an array (rule R9).
    pub(crate) fn spend(&mut self, sequences: u128) -> Result<()> {
        match u64::try_from(sequences).ok().and_then(|sequences| self.budget.checked_sub(sequences)) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => {
                let message = format!(
                    "array is presented as more lists than the budget: needed {sequences}, {} left",
                    self.budget
                );
                Err(self.error(ErrorKind::TooLarge, message))
            }
        }
    }

    /// Checks that nothing is left over (rules R8 and R14).
    pub(crate) fn finish(self) -> Result<()> {
        let left = self.meta_end - self.at;
        if left > 0 {
            let message = format!("metadata goes on after its node: {left} bytes left");
            return Err(self.error(ErrorKind::TrailingBytes, message));
        }
        let left = (self.value.len() as u64).saturating_sub(self.data_at);
        if self.whole && left > 0 {
            let message = format!("bytes after the end of the value: {left} left");
            return Err(Error::at(self.data_at, ErrorKind::TrailingBytes, message));
        }
        Ok(())
    }

    /// Ends a list, map or some.
    #[inline]
    pub(crate) fn close(&mut self) {
        self.depth -= 1;
    }

    /// Goes to where the nodes of rows stand: so many levels deeper, which have been counted when the rows were read.
    #[inline]
    pub(crate) fn enter(&mut self, levels: usize) {
        self.depth += levels;
    }

    /// Comes back from [`enter`](Reader::enter).
    #[inline]
    pub(crate) fn leave(&mut self, levels: usize) {
        self.depth -= levels;
    }

    /// The str whose node starts at that place in META, if one does. For messages.
    pub(crate) fn str_at(&self, offset: u64) -> Option<&'a str> {
        let start = usize::try_from(offset).ok()?;
        super::leading_str(self.value.get(start..self.meta_end)?)
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.value[..self.meta_end].get(self.at).copied()
    }

    /// The next node if it is a str of up to 31 bytes, as names are; else reads nothing.
    #[inline]
    pub(crate) fn short_str(&mut self) -> Result<Option<&'a str>> {
        let Some(len) = self.peek().and_then(|first| first.checked_sub(tag::STR)).map(usize::from) else {
            return Ok(None);
        };
        if len > usize::from(tag::STR_MAX - tag::STR) {
            return Ok(None);
        }
        let start = self.at;
        self.owed = self.owed.saturating_sub(1);
        let bytes = self.take(1 + len)?;
        utf8(&bytes[1..], start as u64).map(Some)
    }

    /// The next node.
    #[inline]
    pub(crate) fn node(&mut self) -> Result<Node<'a>> {
        self.owed = self.owed.saturating_sub(1);
        let start = self.at;
        let [tag] = self.array()?;
        match tag {
            0..=tag::UINT_MAX => Ok(Node::Uint(u64::from(tag))),
            tag::STR..=tag::STR_MAX => self.text(usize::from(tag - tag::STR), start),
            tag::LIST..=tag::LIST_MAX => self.list(usize::from(tag - tag::LIST)),
            tag::MAP..=tag::MAP_MAX => self.map(usize::from(tag - tag::MAP)),
            tag::NIL => Ok(Node::Nil),
            tag::FALSE => Ok(Node::Bool(false)),
            tag::TRUE => Ok(Node::Bool(true)),
            tag::F32 => Ok(Node::F32(f32::from_le_bytes(self.array()?))),
            tag::F64 => Ok(Node::F64(f64::from_le_bytes(self.array()?))),
            _ => self.longer_node(tag, start),
        }
    }

    fn longer_node(&mut self, tag: u8, start: usize) -> Result<Node<'a>> {
        match tag {
            tag::U8..=tag::U128 => self.uint(tag, start),
            tag::I8..=tag::I128 => self.int(tag, start),
            tag::CHAR => {
                let code = self.uv()?;
                match u32::try_from(code).ok().and_then(char::from_u32) {
                    Some(value) => Ok(Node::Char(value)),
                    None => Err(error_at(start, ErrorKind::Malformed, "char is not a Unicode scalar value")),
                }
            }
            tag::LONG_STR => {
                let len = self.inline_len(start, "str")?;
                if len <= usize::from(tag::STR_MAX - tag::STR) {
                    return Err(not_shortest(start, "str"));
                }
                self.text(len, start)
            }
            tag::BYTES => {
                let len = self.inline_len(start, "bytes node")?;
                Ok(Node::Bytes(self.take(len)?))
            }
            tag::LONG_LIST => {
                let count = self.count()?;
                if count <= usize::from(tag::LIST_MAX - tag::LIST) {
                    return Err(not_shortest(start, "list"));
                }
                self.list(count)
            }
            tag::LONG_MAP => {
                let entries = self.count()?;
                if entries <= usize::from(tag::MAP_MAX - tag::MAP) {
                    return Err(not_shortest(start, "map"));
                }
                self.map(entries)
            }
            tag::SOME => match self.peek() {
                Some(tag::NIL | tag::SOME) => {
                    self.open(1)?;
                    Ok(Node::Some)
                }
                Some(_) => Err(error_at(start, ErrorKind::NotCanonical, "some stands before a node that needs none")),
                None => Err(self.truncated(1)),
            },
            tag::ARRAY => self.array_node(start),
            tag::ROWS => self.rows(start),
            tag::DATA_STR => {
                let payload = self.data_payload(start, "str")?;
                let text = utf8(payload.bytes, payload.offset)?;
                Ok(Node::DataStr(text, payload))
            }
            tag::DATA_BYTES => Ok(Node::DataBytes(self.data_payload(start, "bytes node")?)),
            tag::INT_MIN..=u8::MAX => Ok(Node::Int(i64::from(tag.cast_signed()))),
            _ => Err(error_at(start, ErrorKind::Malformed, format!("found reserved tag {tag:02X}, expected a node"))),
        }
    }

    fn uint(&mut self, tag: u8, start: usize) -> Result<Node<'a>> {
        let (value, largest_shorter) = match tag {
            tag::U8 => (u128::from(u8::from_le_bytes(self.array()?)), u128::from(tag::UINT_MAX)),
            tag::U16 => (u128::from(u16::from_le_bytes(self.array()?)), u128::from(u8::MAX)),
            tag::U32 => (u128::from(u32::from_le_bytes(self.array()?)), u128::from(u16::MAX)),
            tag::U64 => (u128::from(u64::from_le_bytes(self.array()?)), u128::from(u32::MAX)),
            _ => (u128::from_le_bytes(self.array()?), u128::from(u64::MAX)),
        };
        if value <= largest_shorter {
            return Err(not_shortest(start, "integer"));
        }
        Ok(u64::try_from(value).map_or(Node::WideUint(value), Node::Uint))
    }

    fn int(&mut self, tag: u8, start: usize) -> Result<Node<'a>> {
        let (value, smallest_shorter) = match tag {
            tag::I8 => (i128::from(i8::from_le_bytes(self.array()?)), -16),
            tag::I16 => (i128::from(i16::from_le_bytes(self.array()?)), i128::from(i8::MIN)),
            tag::I32 => (i128::from(i32::from_le_bytes(self.array()?)), i128::from(i16::MIN)),
            tag::I64 => (i128::from(i64::from_le_bytes(self.array()?)), i128::from(i32::MIN)),
            _ => (i128::from_le_bytes(self.array()?), i128::from(i64::MIN)),
        };
        if value >= smallest_shorter {
            return Err(not_shortest(start, "integer"));
        }
        Ok(i64::try_from(value).map_or(Node::WideInt(value), Node::Int))
    }

    #[inline]
    fn text(&mut self, len: usize, start: usize) -> Result<Node<'a>> {
        Ok(Node::Str(utf8(self.take(len)?, start as u64)?))
    }

    #[inline]
    fn list(&mut self, count: usize) -> Result<Node<'a>> {
        self.open(count)?;
        Ok(Node::List(count))
    }

    #[inline]
    fn map(&mut self, entries: usize) -> Result<Node<'a>> {
        self.open(entries.saturating_mul(2))?;
        Ok(Node::Map(entries))
    }

    /// The owed rule (R5) and the depth rule (R7) for something with child nodes.
    #[inline]
    fn open(&mut self, nodes: usize) -> Result<()> {
        self.owe(nodes)?;
        self.check_depth(1)?;
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(super) fn check_depth(&self, more: usize) -> Result<()> {
        let depth = self.depth + more;
        if depth <= self.depth_limit {
            return Ok(());
        }
        let (kind, whose) = match depth > DEPTH_LIMIT {
            true => (ErrorKind::TooDeep, "the"),
            false => (ErrorKind::LimitExceeded, "the reader's"),
        };
        Err(self.error(kind, format!("nested too deep: found {depth} levels, {whose} limit is {}", self.depth_limit)))
    }

    /// The length of bytes that stand in META.
    fn inline_len(&mut self, start: usize, what: &str) -> Result<usize> {
        let len = self.uv()?;
        usize::try_from(len).ok().filter(|&len| Place::of(len) == Place::Meta).ok_or_else(|| {
            error_at(start, ErrorKind::NotCanonical, format!("{what} of {len} bytes stands in META, expected DATA"))
        })
    }

    pub(super) fn count(&mut self) -> Result<usize> {
        let count = self.uv()?;
        // What does not fit this machine is far more than what is left: the owed rule refuses it.
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    pub(super) fn uv(&mut self) -> Result<u64> {
        let start = self.at;
        let mut value = 0u64;
        for shift in (0..u64::BITS).step_by(7) {
            let [byte] = self.array()?;
            let low = u64::from(byte & 0x7F);
            if low << shift >> shift != low {
                break;
            }
            value |= low << shift;
            if byte < 0x80 {
                if byte == 0 && shift > 0 {
                    return Err(error_at(start, ErrorKind::NotCanonical, "uv is not in its shortest form"));
                }
                return Ok(value);
            }
        }
        Err(error_at(start, ErrorKind::Malformed, "uv exceeds 64 bits"))
    }

    /// Reserves bytes of META for nodes to come (rule R5).
    #[inline]
    pub(super) fn owe(&mut self, nodes: usize) -> Result<()> {
        self.need(nodes)?;
        self.owed += nodes;
        Ok(())
    }

    /// Checks that so many bytes of META are left.
    #[inline]
    pub(super) fn need(&self, bytes: usize) -> Result<()> {
        match bytes <= self.left() {
            true => Ok(()),
            false => Err(self.truncated(bytes)),
        }
    }

    /// META from here on.
    #[inline]
    pub(super) fn meta(&self) -> &'a [u8] {
        self.value.get(self.at..self.meta_end).unwrap_or_default()
    }

    /// Goes past a node of so many bytes, which is one level, if nothing forbids it.
    #[inline]
    pub(super) fn pass(&mut self, len: usize) -> bool {
        let owed = self.owed.saturating_sub(1);
        let may = self.depth < self.depth_limit && len + owed <= self.meta_end - self.at;
        if may {
            self.owed = owed;
            self.at += len;
        }
        may
    }

    /// Bytes of META that are not owed to nodes to come.
    #[inline]
    fn left(&self) -> usize {
        (self.meta_end - self.at).saturating_sub(self.owed)
    }

    #[inline]
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        self.need(len)?;
        let bytes = &self.value[self.at..self.at + len];
        self.at += len;
        Ok(bytes)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        match self.take(N)?.first_chunk() {
            Some(bytes) => Ok(*bytes),
            None => Err(self.truncated(N)),
        }
    }

    #[cold]
    fn truncated(&self, needed: usize) -> Error {
        let message = format!("metadata is truncated: needed {needed} bytes, {} left", self.left());
        self.error(ErrorKind::Truncated, message)
    }

    #[cold]
    pub(super) fn error(&self, kind: ErrorKind, message: impl Into<alloc::borrow::Cow<'static, str>>) -> Error {
        error_at(self.at, kind, message)
    }
}

#[cold]
pub(super) fn error_at(at: usize, kind: ErrorKind, message: impl Into<alloc::borrow::Cow<'static, str>>) -> Error {
    Error::at(at as u64, kind, message)
}

#[cold]
pub(super) fn not_shortest(start: usize, what: &str) -> Error {
    error_at(start, ErrorKind::NotCanonical, format!("{what} is not in its shortest form"))
}

#[inline]
pub(super) fn utf8(bytes: &[u8], offset: u64) -> Result<&str> {
    core::str::from_utf8(bytes).map_err(|_| Error::at(offset, ErrorKind::Malformed, "str is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resuming_does_not_check_the_header_again() {
        let mut value = crate::to_vec(&["a", "b"]).expect("a value");
        value[12] ^= 1;
        let mut reader = Reader::resume(&value, [17, value.len() as u64, value.len() as u64]);
        assert!(matches!(reader.node(), Ok(Node::Str("a"))), "a checksum for each place would take quadratic time");
    }
}
