"""The place in META and the place in DATA of one value that is read: header, bytes, uv, payloads, the owed rule."""

from ndwire_format import HEADER, MAGIC, MAX_PAYLOAD, NdwireError, align, crc32c


def check_header(data):
    """R1. Returns the length of META."""
    if data[:4] != MAGIC[:len(data)]:
        raise NdwireError("not_ndwire", "the magic is missing")
    if len(data) < HEADER:
        raise NdwireError("truncated", "a header has 16 bytes")
    if data[4] != 1:
        raise NdwireError("unsupported_version", "version %d, this reader knows 1" % data[4])
    if data[5]:
        raise NdwireError("unsupported_flags", "must-understand flags %02X" % data[5])
    if data[6:8] != b"\0\0":
        raise NdwireError("malformed", "reserved bytes are zero")
    size = int.from_bytes(data[8:12], "little")
    if size > len(data) - HEADER:
        raise NdwireError("truncated", "META is cut short")
    if crc32c(data[:12] + data[HEADER:HEADER + size]) != int.from_bytes(data[12:16], "little"):
        raise NdwireError("checksum_mismatch", "the checksum of header and META is another")
    return size


def utf8(raw):
    """The text of UTF-8 bytes, or malformed."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NdwireError("malformed", "a str is not UTF-8") from None


class Input:
    """A place in META, a place in DATA, and the nodes owed."""

    def __init__(self, data):
        self.data = data
        self.end = HEADER + check_header(data)
        self.pos = HEADER
        self.data_pos = self.end
        self.owed = 0

    def left(self):
        """Bytes of META not yet read."""
        return self.end - self.pos

    def owe(self, nodes):
        """R5: a container of so many nodes is opened."""
        if nodes + self.owed > self.left():
            raise NdwireError("truncated", "%d nodes claimed, less is left" % nodes)
        self.owed += nodes

    def need(self, count):
        """There are `count` bytes of META that no owed node needs (R5)."""
        if count > self.left() - self.owed:
            raise NdwireError("truncated", "%d bytes claimed, less is left" % count)

    def take(self, count):
        """`count` bytes of META."""
        self.need(count)
        self.pos += count
        return self.data[self.pos - count:self.pos]

    def byte(self):
        """One byte of META."""
        return self.take(1)[0]

    def uv(self):
        """An unsigned LEB128 integer of at most 64 bits in shortest form."""
        value = 0
        for index in range(10):
            byte = self.byte()
            if index == 9 and byte > 1:
                raise NdwireError("malformed", "a uv of more than 64 bits")
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                if byte == 0 and index:
                    raise NdwireError("not_canonical", "a uv with a needless byte")
                return value
        raise NdwireError("malformed", "a uv of more than 64 bits")

    def between(self, low, high):
        """A uv length or count that must lie in a range for its tag."""
        length = self.uv()
        if not low <= length <= high:
            raise NdwireError("not_canonical", "%d has another tag" % length)
        return length

    def payload(self, size):
        """The next payload of `size` bytes: fit, then padding."""
        if size == 0:
            return b""
        if size > MAX_PAYLOAD:
            raise NdwireError("too_large", "a payload of %d bytes" % size)
        start = align(self.data_pos)
        if start + size > len(self.data):
            raise NdwireError("truncated", "a payload is cut short")
        if any(self.data[self.data_pos:start]):
            raise NdwireError("malformed", "padding is zero")
        self.data_pos = start + size
        return self.data[start:start + size]
