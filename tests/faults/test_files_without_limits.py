"""Files larger than any panel stop at declared bounds; the right sheet is read; formulas and encodings are named."""

import resource
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest
from licensed_cases import NAMES, chinese_headers
from workbooks import MAIN, number, row, text, workbook

from nqp.licensed import check
from nqp.licensed.raw import LicensedFileError

BOUNDED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from nqp.licensed import check
try:
    print(check(sys.argv[1], "cluster_pilot", sections=("baseline",)).headline())
except Exception as refusal:
    print(type(refusal).__name__, refusal)
try:  # of this program alone; what the system says otherwise includes the process that started it
    print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024)
except FileNotFoundError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20)
"""


def checked(path) -> tuple[str, int]:
    """Check a file in a process that is killed after 20 s of computing; return what was said, and the peak in MB."""
    ended = subprocess.run(
        [sys.executable, "-c", BOUNDED, str(path)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"killed or crashed: {ended.stderr[-500:]}"
    *said, peak = ended.stdout.splitlines()
    return "\n".join(said), int(peak)


def refused(path, match: str) -> None:
    """Check that a file is refused with a message."""
    with pytest.raises(LicensedFileError, match=match):
        check(path, "cluster_pilot", sections=("baseline",))


def test_a_cell_in_the_last_corner_of_the_sheet_ends_at_once(tmp_path):
    corners = [row(1, text("A1", "year")), row(1_048_576, number("XFD1048576", 1))]
    path = workbook(tmp_path / "mine.xlsx", {"S": corners})
    said, peak = checked(path)
    assert "line 1,048,576 reaches 1,048,576 rows; up to 100,000 are read" in said
    assert peak < 600


def test_rows_as_wide_as_the_sheet_end_at_once(tmp_path):
    wide = [row(1, text("A1", "year")), *(row(n, f'<c r="XFD{n}"/>') for n in range(2, 60_000))]
    said, _ = checked(workbook(tmp_path / "mine.xlsx", {"S": wide}))
    assert "most of them empty. Copy the panel's values alone into a new workbook" in said


def test_a_row_number_that_no_sheet_has_ends_at_once(tmp_path):
    rows = [row(1, text("A1", "year")), row(10**15, number("A2", 1))]
    said, _ = checked(workbook(tmp_path / "mine.xlsx", {"S": rows}))
    assert "LicensedFileError" in said


def test_a_giant_string_is_refused_before_it_is_unpacked(tmp_path):
    pieces = [
        f"<sst {MAIN}><si><t>".encode(),
        *[b"x" * 10**7] * 30,
        b"</t></si></sst>",
    ]
    path = workbook(tmp_path / "mine.xlsx", {"S": [row(1, '<c r="A1" t="s"><v>0</v></c>')]}, pieces)
    assert path.stat().st_size < 10**6
    said, peak = checked(path)
    assert "its part xl/sharedStrings.xml unpacks to 300 MB; up to 32 MB are read" in said
    assert peak < 600


def test_a_blank_cell_in_the_last_row_costs_nothing_and_is_no_row(tmp_path, light):
    light.to_excel(tmp_path / "mine.xlsx", index=False)
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    book.active["A1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "mine.xlsx")
    said, _ = checked(tmp_path / "mine.xlsx")
    assert said.startswith("3,324 rows, 14 columns (Excel, sheet 'Sheet1')")
    assert check(tmp_path / "mine.xlsx", "cluster_pilot", sections=("baseline",)).ok


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        (["year,city", *["2011,x"] * 100_001], "line 100,001 reaches 100,001 rows; up to 100,000"),
        ([",".join(["year"] * 1_001), "2011"], "line 1 reaches 1,001 columns; up to 1,000"),
        (["year,city", "2011," + "x" * 40_000], "line 2 reaches 40,000 characters in a cell"),
        ([",".join(["year"] * 900), *[",".join(["1"] * 900)] * 3_400], "cells; up to 3,000,000 are read"),
    ],
)
def test_text_files_have_the_same_bounds(tmp_path, lines, match):
    (tmp_path / "mine.csv").write_text("\n".join(lines))
    refused(tmp_path / "mine.csv", match)


def test_a_file_larger_than_any_panel_is_not_opened(tmp_path):
    with (tmp_path / "mine.csv").open("wb") as out:
        out.truncate(200_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(tmp_path / "mine.csv", "it has 200 MB; up to 128 MB are read")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


# --- which sheet ------------------------------------------------------------------------------------------


def sheets(path, **frames: pd.DataFrame):
    """Write a workbook of several sheets."""
    with pd.ExcelWriter(path) as out:
        for name, frame in frames.items():
            frame.to_excel(out, sheet_name=name, index=False)
    return path


def test_the_sheet_with_a_year_and_a_city_is_read_and_named(tmp_path, light):
    remarks = pd.DataFrame({"source": ["yearbooks"]})
    path = sheets(tmp_path / "mine.xlsx", empty=pd.DataFrame(), notes=remarks, 面板=chinese_headers(light))
    report = check(path, "cluster_pilot", sections=("baseline",))
    assert report.ok
    assert report.read_as == "Excel, sheet '面板', the first of 3 with a year and a city"


def test_a_second_sheet_with_the_keys_is_said_to_be_left(tmp_path, light):
    path = sheets(tmp_path / "mine.xlsx", old=light, new=light)
    assert check(path, "cluster_pilot", sections=("baseline",)).read_as.endswith(
        "with a year and a city; not read: 'new'"
    )


def test_without_keys_anywhere_the_first_sheet_with_rows_is_checked(tmp_path, light):
    path = sheets(tmp_path / "mine.xlsx", heads=light.head(0), values=light[["NQP", "EDU"]])
    report = check(path, "cluster_pilot", sections=("baseline",))
    assert "sheet 'values', the first with rows; none has the keys" in report.read_as
    assert {"adcode", "year"} <= set(report.found.loc[report.found["rule"] == "missing column", "column"])


def test_no_rows_are_said_of_all_sheets(tmp_path, light):
    path = sheets(tmp_path / "mine.xlsx", a=light.head(0), b=pd.DataFrame())
    refused(path, "no rows below its headers in any sheet: 'a', 'b'")


# --- formulas and encodings -------------------------------------------------------------------------------


def test_a_formula_that_was_never_computed_is_no_empty_cell(tmp_path, light):
    light.to_excel(tmp_path / "mine.xlsx", index=False)
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    column = list(light).index("EDU") + 1
    book.active.cell(5, column).value = "=F5/G5"
    book.active.cell(6, column).value = None
    book.save(tmp_path / "mine.xlsx")
    found = check(tmp_path / "mine.xlsx", "cluster_pilot", sections=("baseline",)).found
    assert found[["rule", "line", "value"]].to_numpy().tolist() == [
        ["formula without a value", 5, "=F5/G5"],
        ["missing value", 6, ""],
    ]
    assert "open it in a spreadsheet program" in found["advice"][0]


def test_a_formula_with_its_value_is_a_number(tmp_path):
    cells = [
        text("A1", "year"), text("B1", "city"), text("C1", "EDU"),
    ]  # fmt: skip
    filled = [number("A2", 2011), text("B2", "唐山市"), '<c r="C2"><f>1/4</f><v>0.25</v></c>']
    path = workbook(tmp_path / "mine.xlsx", {"S": [row(1, *cells), row(2, *filled)]})
    assert (
        not check(path, "cluster_pilot").found["rule"].isin(["formula without a value", "not a number"]).any()
    )


def test_lines_of_another_encoding_are_named(tmp_path, light):
    lines = light.to_csv(index=False).splitlines()
    for n in (40, 41, 2000):
        lines[n - 1] = lines[n - 1].encode("gbk")
    path = tmp_path / "mine.csv"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    refused(path, "mixes encodings: line 40 and 2 more in GBK, 3,321 others in UTF-8")
    lines = [line.encode("gbk") if isinstance(line, str) else line for line in lines]
    lines[6] = lines[6].decode("gbk").encode()
    path.write_bytes(b"\n".join(lines))
    refused(path, "mixes encodings: line 7 in UTF-8, 3,323 others in GBK")


@pytest.mark.parametrize("ending", ["市", ""])
def test_no_citys_name_in_gbk_passes_for_utf8(tmp_path, light, ending):
    names = light.assign(city=light["city"].str.removesuffix("市") + ending)
    names.to_csv(tmp_path / "mine.csv", index=False, encoding="gbk")
    assert check(tmp_path / "mine.csv", "cluster_pilot", sections=("baseline",)).ok
    assert len(NAMES) == 277
