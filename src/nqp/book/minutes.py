"""How long a chapter takes: to read, from its words; to run, as the last `nqp verify --update` measured."""

import math
import re
from collections.abc import Mapping

import yaml

from nqp.book.chapters import Chapter
from nqp.papers import PaperError, read_yaml
from nqp.paths import data_dir, write_whole

MEASURED = "reference/minutes.yml"
WORDS_A_MINUTE = 200
# not read as prose: the head, cells, fences and options of directives, displayed equations, rows of tables
NOT_PROSE = re.compile(
    r"\A---$.*?^---$|^```\{code-cell\}.*?^```$|\$\$.*?\$\$|^[`:]{3}[^\n]*$|^:[\w-]+:[^\n]*$|^\|[^\n]*\|$",
    re.M | re.S,
)


def minutes(chapter: Chapter) -> tuple[int, int]:
    """Return the whole minutes that reading a chapter takes at 200 words a minute, and running it; both rounded up.

    To run is zero for a chapter that `nqp verify --update` has not measured yet: say then that it is not known.
    """
    prose = NOT_PROSE.sub("", chapter.source.read_text(encoding="utf-8"))
    words = sum(any(map(str.isalpha, word)) for word in prose.split())
    return math.ceil(words / WORDS_A_MINUTE), measured().get(chapter.slug, 0)


def measured() -> dict[str, int]:
    """Return the committed minutes to run, by chapter; empty when there are none."""
    found = read_yaml(path) if (path := data_dir() / MEASURED).is_file() else {}
    if not isinstance(found, dict) or {*map(type, found.values())} - {int}:
        raise PaperError(f"data/{MEASURED} holds no minutes by chapter; `nqp verify --update` writes it")
    return found


def write_minutes(seconds: Mapping[str, float]) -> None:
    """Commit to file how long chapters ran, by slug; whole minutes, so that the file seldom changes."""
    taken = {slug: math.ceil(length / 60) for slug, length in sorted(seconds.items())}
    head = "# Minutes that a chapter takes to run, rounded up; written by `nqp verify --update`.\n"
    write_whole(data_dir() / MEASURED, head + yaml.safe_dump(taken))
