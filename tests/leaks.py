"""Search files of every kind for values of a licensed file, as after a build on one."""

import base64
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path

import numpy as np

DIGITS = 9  # a value with fewer significant digits is met by chance in files of thousands of numbers
TOKEN = re.compile(rb"(?<![\w.])\d+\.\d+(?:[eE][+-]?\d+)?(?!\w|\.\d)")
ENCODED = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
DEEPEST = 3  # a zip in a gzip in base64


def unit_values(licensed_file: Path) -> set[float]:
    """Return the values of a CSV that no other number equals by chance: those with at least `DIGITS` digits.

    The smallest and largest value of a variable are results: tables of moments print them.
    """
    with licensed_file.open(encoding="utf-8-sig", newline="") as lines:
        columns = list(zip(*csv.reader(lines), strict=True))
    known: set[float] = set()
    for column in columns:
        cells = [cell for cell in column if TOKEN.fullmatch(cell.lstrip("-").encode())]
        ends = [abs(end(map(float, cells), default=0.0)) for end in (min, max)]
        known |= {abs(float(cell)) for cell in cells if _digits(cell.encode()) >= DIGITS} - set(ends)
    return known


def leaks(folders: list[Path], licensed_file: Path) -> dict[Path, list[str]]:
    """Return the files below folders that hold values of a licensed file, with up to five values each.

    Every file is read: as text, as floating-point numbers at any place (as in pickled doctrees), and once more after
    undoing gzip, zlib, zip and base64. A value counts where at least `DIGITS` of its digits are written.
    """
    known = unit_values(licensed_file)
    assert known, f"no value in {licensed_file} has {DIGITS} digits: nothing could be found"
    values = np.sort(list(known))
    searched: dict[bytes, list[str]] = {}  # pages and pictures stand in several folders
    files = sorted(p for folder in folders for p in folder.rglob("*") if p.is_file() and p != licensed_file)
    for path in files:
        raw = path.read_bytes()
        if raw not in searched:
            searched[raw] = sorted({hit for layer in _layers(raw) for hit in _met(layer, values)})[:5]
    return {path: met for path in files if (met := searched[path.read_bytes()])}


def _digits(token: bytes) -> int:
    return len(token.lower().partition(b"e")[0].replace(b".", b"").replace(b"-", b"").strip(b"0"))


def _met(raw: bytes, values: np.ndarray) -> Iterator[str]:
    """Yield what of some bytes is one of the sorted values, at the digits written or in binary."""
    tokens = [token.lower() for token in set(TOKEN.findall(raw)) if _digits(token) >= DIGITS]
    written = np.array([float(token) for token in tokens])
    low, high = np.searchsorted(values, written + np.outer([-1, 1], [_half(token) for token in tokens]))
    for place in np.flatnonzero((high > low) | _among(written, values)):
        yield tokens[place].decode()
    for order, start in product(("<f8", ">f8"), range(min(8, len(raw) - 7))):
        numbers = np.frombuffer(raw, order, (len(raw) - start) // 8, start)
        sizes = np.abs(numbers)
        near = np.flatnonzero((sizes >= values[0]) & (sizes <= values[-1]))  # few bytes of text are
        for place in near[_among(sizes[near], values)]:
            yield f"binary at byte {start + 8 * place}"


def _among(numbers: np.ndarray, values: np.ndarray) -> np.ndarray:
    return values[np.searchsorted(values, numbers).clip(max=len(values) - 1)] == numbers


def _half(token: bytes) -> float:
    """Return half a unit of the last digit written, and a little for binary fractions."""
    mantissa, _, power = token.partition(b"e")
    return 0.5 * 10.0 ** (int(power or 0) - len(mantissa.partition(b".")[2])) * (1 + 1e-6)


def _layers(raw: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield bytes, and what is packed in them."""
    yield raw
    if depth == DEEPEST:
        return
    inside = []
    for unpack in (gzip.decompress, zlib.decompress):
        with suppress(OSError, EOFError, zlib.error):
            inside.append(unpack(raw))
    if raw[:4] == b"PK\x03\x04":
        inside += _members(raw)
    for part in ENCODED.findall(raw):
        with suppress(ValueError):
            inside.append(base64.b64decode(part + b"=" * (-len(part) % 4)))
    for one in inside:
        yield from _layers(one, depth + 1)


def _members(raw: bytes) -> list[bytes]:
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(raw)) as parts:
        return [parts.read(name) for name in parts.namelist()]
    return []
