"""Every text that a notebook carries: what pages show, and what travels in it unseen."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import nbformat
import numpy as np

ENCODED = re.compile(r"(?:[A-Za-z0-9+/]{4}){10,}(?:[A-Za-z0-9+/]{2,3}={0,2})?")
READABLE = re.compile(rb"[\t\r\n -~]{20,}")


def texts_of(cell: nbformat.NotebookNode) -> list[str]:
    """Return the texts of a cell's outputs by their kind, joined, since values may come one an output.

    Printed text, tracebacks, text, HTML, SVG, JSON and glued values of every kind; texts beside the pixels
    of pictures; text and arrays encoded as base64; metadata and attachments.
    """
    found: dict[str, list[str]] = {}
    for kind, value in _parts(cell):
        for text in _unfold(kind, value):
            found.setdefault(kind, []).append(text)
    return ["\n".join(texts) for texts in found.values()]


def _parts(cell: nbformat.NotebookNode) -> Iterator[tuple[str, Any]]:
    yield "metadata", cell.get("metadata", {})
    for bundle in cell.get("attachments", {}).values():
        yield from bundle.items()
    for output in cell.get("outputs", []):
        yield "metadata", output.get("metadata", {})
        yield "stream", output.get("text", "")
        yield "error", [output.get("evalue", ""), *output.get("traceback", [])]
        yield from output.get("data", {}).items()


def _unfold(kind: str, value: Any) -> Iterator[str]:
    """Yield a value as text, and the texts encoded in it; a picture of pixels is nothing but encoded."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if kind.startswith("image/") and "svg" not in kind:
        yield from _decoded(re.sub(r"\s", "", text))
        return
    yield text
    for part in ENCODED.findall(text):
        yield from _decoded(part)


def _decoded(part: str) -> Iterator[str]:
    """Yield what is encoded as base64: text, an array of floats, or readable runs between other bytes."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return
    try:
        yield raw.decode("utf-8")
        return
    except UnicodeDecodeError:
        yield from (run.decode("ascii") for run in READABLE.findall(raw))
    for kind, digits in ((np.float64, 16), (np.float32, 6)):
        if len(raw) % np.dtype(kind).itemsize:
            continue
        numbers = np.frombuffer(raw, kind)
        sizes = np.abs(numbers[~np.isnan(numbers) & (numbers != 0)])
        if ((sizes > 1e-9) & (sizes < 1e12)).all():
            yield "\n".join(["", *(f"{number:.{digits}g}" for number in numbers), ""])
