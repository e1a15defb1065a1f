"""Constants, tables and formulas of the ndwire value format, version 1, from SPEC.md alone."""

MAGIC = b"\xc1NDW"
HEADER = 16
ALIGN = 16
THRESHOLD = 512
MAX_DEPTH = 128
MAX_RANK = 32
MAX_SUB_RANK = 7
MAX_LEAVES = 1024
MAX_CONTAINERS = 8
MAX_TUPLE = 16
MAX_WIDTH = 2**31 - 1
MAX_NAME = 255
MAX_META = 2**32 - 1
MAX_PAYLOAD = 2**63 - 1
UNITS = "Y M W D h m s ms us ns ps fs as generic".split()
RECURSION = 20000


class NdwireError(Exception):
    """A value (or a thing to be written) that the format refuses; `kind` is the SPEC's name."""

    def __init__(self, kind, message):
        super().__init__(kind + ": " + message)
        self.kind = kind
        self.message = message


def _dtype_table():
    """Code -> (name, size in bytes), section 4."""
    table = {
        0x00: ("bool", 1),
        0x10: ("u8", 1), 0x11: ("u16", 2), 0x12: ("u32", 4), 0x13: ("u64", 8), 0x14: ("u128", 16),
        0x20: ("i8", 1), 0x21: ("i16", 2), 0x22: ("i32", 4), 0x23: ("i64", 8), 0x24: ("i128", 16),
        0x31: ("f16", 2), 0x32: ("f32", 4), 0x33: ("f64", 8),
        0x40: ("f8e4m3fn", 1), 0x41: ("bf16", 2), 0x50: ("f8e5m2", 1),
        0x53: ("complex64", 8), 0x54: ("complex128", 16),
    }
    for u, unit in enumerate(UNITS):
        table[0x60 + u] = ("datetime64[%s]" % unit, 8)
        table[0x70 + u] = ("timedelta64[%s]" % unit, 8)
    return table


DTYPES = _dtype_table()
CODES = {name: code for code, (name, _) in DTYPES.items()}
SIZES = {name: size for name, size in DTYPES.values()}
ROW_SCALARS = frozenset("bool u8 u16 u32 u64 i8 i16 i32 i64 f32 f64".split())


def _crc_table():
    """The table of CRC-32C, reflected."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC = _crc_table()


def crc32c(data):
    """The checksum of 2.1."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def align(position):
    """The next multiple of 16 at or after `position`."""
    return (position + ALIGN - 1) // ALIGN * ALIGN


def uv_bytes(value):
    """An unsigned LEB128 integer in shortest form."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def product(dims):
    """The product of a list of integers; 1 if there are none."""
    result = 1
    for dim in dims:
        result *= dim
    return result


def sequences(dims):
    """1 + d1 + d1*d2 + ... + d1*...*d(r-1), of 5.3."""
    total, running = 1, 1
    for dim in dims[:-1]:
        running *= dim
        total += running
    return total


def order_matters(dims):
    """True if the column-major bit may be set (3.4)."""
    return 0 not in dims and sum(1 for d in dims if d > 1) >= 2
