from typing import Any, Literal

from typing_extensions import Buffer

__all__ = ["Error", "__version__", "describe", "dumps", "loads"]

__version__: str

class Error(ValueError):
    """Why a value could not be written or read.

    The text is that of the Rust crate: what is wrong, with what was found and what was expected, and where. Names of fields and keys
    may stand in it, shortened and with what is not seen in them escaped, and no other content of the value.

    Attributes
    ----------
    kind : str
        What sort of thing went wrong, in one word that does not change between versions, as `truncated`.
    path : str or None
        Where in the value, as in `frames[3].pixels`, if known.
    offset : int or None
        Where in the bytes, from the start of the value, if known.
    """

    kind: str
    path: str | None
    offset: int | None

def dumps(obj: object, /, *, limit: int | None = 536_870_912) -> bytes:
    """Write an object as the bytes of a value.

    None, bool, int (of up to 128 bits), float, str, bytes, list, tuple and dict, nested up to 128 levels; arrays and scalars of
    NumPy. A bytearray and a memoryview of bytes are written as bytes. Subclasses are written as what they derive from, but for
    those of arrays.

    Arrays keep dtype, shape and order: column-major stays column-major, and what is not contiguous or big endian is made so,
    exactly. bfloat16 and the 8-bit floats are those of `ml_dtypes`. A structured array of rank 1 is a list of structs, written as
    one block (in Rust a `Vec<Struct>`), without rows, too; one of rank 0 is a struct. A list takes the form that its elements
    choose, as in Rust: there a list is a `Vec` and a tuple is a tuple.

    Parameters
    ----------
    obj : object
        What to write.
    limit : int or None
        The most bytes that the value may have: 512 MiB, what a key of Redis holds. With None there is no limit.

    Returns
    -------
    bytes
        The value.

    Raises
    ------
    Error
        If the format has no exact form for it: objects, text dtypes, multiples of a unit of time, sets, classes. It says where, and
        what to do instead. Nothing is ever pickled. And if the value exceeds the limit, which is seen before large arrays are
        copied.

    Examples
    --------
    >>> import numpy as np, ndwire
    >>> len(ndwire.dumps(np.zeros(768, "f4")))
    3104
    >>> ndwire.dumps({"tags": {"a", "b"}})
    Traceback (most recent call last):
        ...
    ndwire.Error: tags: there is no form for set: use sorted() or list()
    """

def loads(
    data: Buffer,
    /,
    *,
    lists: Literal["array", "list"] = "array",
    copy: bool = False,
    limit: int | None = 536_870_912,
) -> Any:
    """Read an object from the bytes of a value.

    Arrays are views into `data`, aligned and read-only, without a copy: `data` lives as long as they do. Only lists under 512
    bytes, which stand between other things, may have to be copied to be aligned. That holds for `bytes`, which nobody changes; of
    anything else with the buffer protocol an immutable copy is taken first.

    A struct or map is a dict, a str or char a str, both widths of float a float. An array is an `ndarray` of its dtype, shape and
    order (u128 and i128, which NumPy has not, are refused). A list of scalars or of tuples of one scalar is an `ndarray` too, a list
    of structs without text or other parts of no fixed size a structured one, a list of optional scalars one with the fields
    `present` and `value`. A tuple, in such a list or in its structs, is a structure with the fields `f0`, `f1` and so on. Any other
    list is a list, and so is an empty one, unless it was written from a structured array without rows, or from columns.

    Parameters
    ----------
    data : bytes or other buffer
        The value.
    lists : {"array", "list"}
        With "list" every list is a list, of dicts for structs, with None for what is absent: one type of Rust is one type of
        Python, however many elements there are. Arrays (in Rust `#[serde(with = "ndwire::array")]`) stay arrays.
    copy : bool
        Whether arrays are copies of their own, which can be written to.
    limit : int or None
        The most bytes that the value may have: 512 MiB, what a key of Redis holds. With None there is no limit.

    Returns
    -------
    object
        What the value holds.

    Raises
    ------
    Error
        If the bytes are no value, if they hold what Python cannot have, or if there are more of them than the limit.

    Examples
    --------
    >>> import numpy as np, ndwire
    >>> value = ndwire.dumps([1, 2, 3])
    >>> ndwire.loads(value)
    array([1, 2, 3])
    >>> ndwire.loads(value, lists="list")
    [1, 2, 3]
    """

def describe(data: Buffer, /) -> str:
    """Show what is where in a value: names, dtypes, shapes and byte ranges, and no other content.

    Parameters
    ----------
    data : bytes or other buffer
        The value, of any size, or its first bytes: nothing behind the metadata is looked at.

    Returns
    -------
    str
        One line for each part, up to 20 for each list and 100 for each dict.

    Raises
    ------
    Error
        If the bytes do not begin a value.

    Examples
    --------
    >>> import numpy as np, ndwire
    >>> print(ndwire.describe(ndwire.dumps({"id": 7, "pixels": np.zeros((80, 80), "u2")})), end="")
    map, 2 entries
      id: uint
      pixels: array u16 [80, 80], bytes 48..12848
    """
