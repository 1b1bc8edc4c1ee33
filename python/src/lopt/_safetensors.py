"""Reader of safetensors files: 8 bytes of header length (little-endian), a JSON header, little-endian data."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lopt._errors import ThetaError

METADATA = "__metadata__"
_LONGEST_HEADER = 100_000_000  # that of the safetensors library
_TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "BOOL": "?",
}  # fmt: skip


def parse(data: bytes, name: str) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Reads a whole file.

    Args:
        data: Its bytes.
        name: What to call it in errors.

    Returns:
        The tensors by name, row-major, as read-only views of ``data``; and the metadata, empty if it has none.

    Raises:
        ThetaError: It is damaged, or no safetensors file.
    """
    if len(data) < 8:
        raise damaged(name, f"it has {len(data)} bytes; a safetensors file has at least 8")
    length = int.from_bytes(data[:8], "little")
    if not 2 <= length <= min(_LONGEST_HEADER, len(data) - 8):
        raise damaged(
            name,
            f"it says that its header has {length} bytes, of {len(data) - 8} that follow; "
            "it is truncated or no safetensors file",
        )
    try:
        header = json.loads(data[8 : 8 + length].decode("utf-8"), object_pairs_hook=_unique)
    except ValueError as e:
        raise damaged(name, f"its header is no JSON: {e}") from None
    if not isinstance(header, dict):
        raise damaged(name, "its header is no JSON object")
    metadata = header.pop(METADATA, {})
    if not (isinstance(metadata, dict) and all(isinstance(text, str) for text in metadata.values())):
        raise damaged(name, "its metadata are not texts by name")
    body = memoryview(data)[8 + length :]
    return {tensor: _tensor(name, tensor, entry, body) for tensor, entry in header.items()}, metadata


def damaged(name: str, what: str) -> ThetaError:
    """An error in one line, whatever text of the file it quotes."""
    return ThetaError(f"{name} is not usable: {''.join(c if c.isprintable() else ' ' for c in what).rstrip('.')}.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice has two meanings: readers would disagree about the file."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in it")
    return found


def _tensor(name: str, tensor: str, entry: Any, body: memoryview) -> NDArray[Any]:
    try:
        kind, shape, (start, end) = entry["dtype"], [int(n) for n in entry["shape"]], entry["data_offsets"]
        dtype = np.dtype(_TYPES[kind])
        size = dtype.itemsize
        for n in shape:
            size *= n
        if not (0 <= start <= end <= len(body) and end - start == size and min(shape, default=0) >= 0):
            raise damaged(
                name, f"tensor {tensor} lies at {start}…{end} of {len(body)} data bytes, and takes {size}: the file is truncated"
            )
        return np.frombuffer(body[start:end], dtype).reshape(shape)
    except (KeyError, TypeError, ValueError) as e:
        if isinstance(e, ThetaError):
            raise
        raise damaged(name, f"the entry of tensor {tensor} is malformed or of an unknown type") from None
