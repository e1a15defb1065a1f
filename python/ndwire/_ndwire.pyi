from typing import Any, Literal, final

from typing_extensions import Buffer

__version__: str
