"""Do the files of each paper hold together? Every file and every printed number that one of them names must exist."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from nqp.papers import DECLARATION, Paper, papers, read_yaml, suggest
from nqp.paths import notebooks_dir, root

NUMBERS = "published.csv"
ID = r"((?:t\d+|text)\.[\w.-]+)(\{?)"  # an id or its beginning; a brace behind it: an f-string goes on
# where an id may stand in a file, so that neither prose nor code is taken for one
BEFORE = {".yml": r"(?<=[\s\[,:])", ".py": r"(?<=[\"'])"}


def problems() -> list[str]:
    """Return one sentence for each thing that a paper's files name and that does not exist, with file and place."""
    return [said for one in papers().values() for said in _of(one)]


def _of(one: Paper) -> Iterator[str]:
    place = f"data/papers/{one.slug}"
    absent = [name for name in (*one.files, NUMBERS) if not (one.folder / name).is_file()]
    if absent or NUMBERS not in one.files:
        yield f"{place}/{DECLARATION}, files: {', '.join(absent) or NUMBERS} must be listed, and stand beside it"
        return
    with (one.folder / NUMBERS).open(encoding="utf-8", errors="replace", newline="") as file:
        ids = [row.get("id", "") for row in csv.DictReader(file)]
    named = [(f"{place}/{DECLARATION}, headline", number) for number in one.headline if number not in ids]
    for path in (one.folder / "twin.yml", notebooks_dir() / one.slug / "audit.py"):
        if path.is_file():
            named += _unknown(path, ids)
    for where, text in named:
        yield f"{where}: {text!r} is in no table of {place}/{NUMBERS}{suggest(text, ids)}"


def _unknown(path: Path, ids: list[str]) -> Iterator[tuple[str, str]]:
    """Yield where a file writes what looks like an id, or its beginning, and is none."""
    if path.suffix == ".yml":
        read_yaml(path)  # refuses what is no YAML
    text = path.read_text(encoding="utf-8")
    own = re.findall(r"([\w.-]+): \{", text)  # names that the file gives, as to targets that it derives
    for number, line in enumerate(text.splitlines(), start=1):
        for found, goes_on in re.findall(BEFORE[path.suffix] + ID, line.partition(" #")[0]):
            start = found if goes_on else f"{found.rstrip('.')}."
            if found not in own and not any(f"{known}.".startswith(start) for known in ids):
                yield f"{path.relative_to(root()).as_posix()}, line {number}", found
