"""A cell that looks like a formula reaches no spreadsheet program, whoever writes the table."""

import re
from base64 import b64decode, b64encode
from io import StringIO

import pandas as pd

from nqp.data.spreadsheet import safe_csv

READ_BACK = {"ledgers.py", "verify.py", "findings.py", "worlds.py"}
"""Modules whose CSV the book reads again, exactly as it was written."""


def test_tables_for_readers_have_one_writer(root):
    written = [*(root / "src" / "nqp").rglob("*.py"), *(root / "notebooks").rglob("*.md")]
    writers = {path.name for path in written if ".to_csv(" in path.read_text(encoding="utf-8")}
    assert writers - READ_BACK == {"spreadsheet.py"}


def test_the_rebuilt_rosters_leave_their_page_without_a_formula(root):
    """The page's own two lines, on a table that somebody has altered."""
    page = (root / "notebooks" / "synthesis" / "rosters.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"^safe_csv\(rebuilt.*\ndata = .*$", page, re.M)
    attack = "=cmd|' /C calc'!A0"
    rebuilt = pd.DataFrame({"name_zh": [attack, "北京市"], "@code": [1, 2]})
    names = {"rebuilt": rebuilt, "safe_csv": safe_csv, "StringIO": StringIO, "b64encode": b64encode}
    exec(lines, names)
    assert b64decode(names["data"]).decode("utf-8") == f"\ufeffname_zh,'@code\n'{attack},1\n北京市,2\n"
