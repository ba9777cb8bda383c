"""Workbooks written by hand, part by part, as no spreadsheet program would write them."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/>{strings}</Types>'
)
STRINGS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sharedStrings+xml"/>'
)
RELATION = (
    '<Relationship Id="rId{n}" Target="{target}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}"/>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)


def number(place: str, value: object) -> str:
    """Return a cell with a number."""
    return f'<c r="{place}"><v>{value}</v></c>'


def text(place: str, value: str) -> str:
    """Return a cell with text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(place: int, *cells: str) -> str:
    """Return a row."""
    return f'<row r="{place}">{"".join(cells)}</row>'


def workbook(path: Path, sheets: Mapping[str, Iterable[str]], strings: Iterable[bytes] = ()) -> Path:
    """Write a workbook from the XML of its sheets' rows; shared strings come in pieces, for they may be large."""
    strings = iter(strings)
    first = next(strings, None)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    relations = [
        RELATION.format(n=n, target=f"worksheets/sheet{n}.xml", kind="worksheet")
        for n, _ in enumerate(sheets, 1)
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", TYPES.format(strings=STRINGS if first else ""))
        office = RELATION.format(n=1, target="xl/workbook.xml", kind="officeDocument")
        parts.writestr("_rels/.rels", RELATIONS.format(office))
        names = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        parts.writestr("xl/workbook.xml", f"<workbook {MAIN} {names}><sheets>{listed}</sheets></workbook>")
        parts.writestr("xl/_rels/workbook.xml.rels", RELATIONS.format("".join(relations)))
        for n, rows in enumerate(sheets.values(), 1):
            with parts.open(f"xl/worksheets/sheet{n}.xml", "w") as out:
                out.write(f"<worksheet {MAIN}><sheetData>".encode())
                for one in rows:
                    out.write(one.encode())
                out.write(b"</sheetData></worksheet>")
        if first:
            with parts.open("xl/sharedStrings.xml", "w", force_zip64=True) as out:
                out.write(first)
                for piece in strings:
                    out.write(piece)
    return path
