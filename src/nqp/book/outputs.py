"""Every text that a notebook carries: what pages show, and what travels in it unseen."""

import base64
import binascii
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import nbformat
import numpy as np

ENCODED = re.compile(r"(?:[A-Za-z0-9+/_-]{4}){10,}(?:[A-Za-z0-9+/_-]{2,3}={0,2})?")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
MOST = 50_000_000  # bytes unpacked
RUN = 10  # numbers in binary that are no chance


def texts_of(cell: nbformat.NotebookNode) -> list[str]:
    """Return the texts of a cell's outputs by their kind, joined, since values may come one an output.

    Printed text, tracebacks, text, HTML, SVG, JSON and glued values of every kind; texts inside pictures; what is
    encoded as base64, with or without compression; metadata and attachments.
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
    try:
        raw = base64.b64decode(
            part + "=" * (-len(part) % 4), altchars=b"-_" if set(part) & {"-", "_"} else None
        )
    except (binascii.Error, ValueError):
        return
    yield from texts_in(raw)


def texts_in(raw: bytes) -> Iterator[str]:
    """Yield the texts in bytes: plain, compressed, as numbers in binary, or beside the pixels of a picture."""
    if raw.startswith(PICTURES):
        yield from _beside_pixels(raw)
        return
    try:
        yield raw.decode("utf-8")
        return
    except UnicodeDecodeError:
        pass
    with suppress(zlib.error):
        yield from texts_in(zlib.decompressobj(wbits=47).decompress(raw, MOST))
        return
    yield from _binary_numbers(raw)


def _binary_numbers(raw: bytes) -> Iterator[str]:
    """Yield what reads as a run of floating-point numbers, wherever in the bytes it begins."""
    for kind, digits in (("<f8", 16), ("<f4", 6)):
        size = np.dtype(kind).itemsize
        for start in range(size):
            numbers = np.frombuffer(raw[start : len(raw) - (len(raw) - start) % size], kind)
            with np.errstate(invalid="ignore"):
                usual = (np.abs(numbers) > 1e-9) & (np.abs(numbers) < 1e12) | (numbers == 0)
            ends = np.flatnonzero(np.diff(usual)) + 1
            for run, likely in zip(np.split(numbers, ends), np.split(usual, ends), strict=True):
                if len(run) >= RUN and likely[0]:
                    yield "\n".join(["", *(f"{number:.{digits}g}" for number in run), ""])


def _beside_pixels(raw: bytes) -> Iterator[str]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(raw)) as picture:
            picture.load()
            notes = {**picture.info, **picture.getexif()}
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return
    for note in notes.values():
        yield note.decode("latin-1") if isinstance(note, bytes) else str(note)
