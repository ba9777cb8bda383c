"""Read text with separators, in the encodings that Chinese statistics come in."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from nqp.licensed.raw import LicensedFileError, RawTable, as_table

CHINESE = re.compile(r"[\x00-\x7f\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*")


def read_delimited(path: Path) -> RawTable:
    """Read a .csv in UTF-8, UTF-16 or GBK, separated by commas, tabs or semicolons."""
    text, encoding = _decode(path.read_bytes())
    first = text.partition("\n")[0]
    comma = max(",\t;", key=first.count)
    named = {",": "", "\t": ", tabs", ";": ", semicolons"}[comma]
    return as_table(_lines(text, comma), f"CSV, {encoding}{named}")


def _lines(text: str, comma: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it starts; a quoted cell may hold line ends."""
    reader, start = csv.reader(io.StringIO(text, newline=""), delimiter=comma), 1
    for row in reader:
        yield start, row
        start = reader.line_num + 1


def _decode(raw: bytes) -> tuple[str, str]:
    """Return the text and its encoding; GB18030 is tried last since it can read almost anything."""
    marked = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    tries = {"UTF-16": "utf-16"} if marked else {"UTF-8": "utf-8-sig", "GBK": "gb18030"}
    for name, codec in tries.items():
        if name == "GBK":
            _refuse_mixed(raw)
        try:
            return raw.decode(codec), name
        except UnicodeDecodeError as wrong:
            line = raw[: wrong.start].count(b"\n") + 1
    raise LicensedFileError(
        f"it is text neither in UTF-8 nor in GBK; the first byte that does not fit is in line {line}."
        " Save it as CSV UTF-8"
    )


def _refuse_mixed(raw: bytes) -> None:
    """Refuse text of which some lines are Chinese in UTF-8 and others cannot be UTF-8: name the fewer ones."""
    kinds: dict[str, list[int]] = {"UTF-8": [], "GBK": []}
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            if CHINESE.fullmatch(line.decode("utf-8-sig")):
                kinds["UTF-8"].append(number)
        except UnicodeDecodeError:
            kinds["GBK"].append(number)
    (odd, lines), (usual, most) = sorted(kinds.items(), key=lambda kind: len(kind[1]))
    if lines:
        more = f" and {len(lines) - 1:,} more" if len(lines) > 1 else ""
        raise LicensedFileError(
            f"it mixes encodings: line {lines[0]}{more} in {odd}, {len(most):,} others in {usual}."
            " Were two files joined? Save each as CSV UTF-8 first"
        )
