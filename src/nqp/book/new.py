"""The two folders of a new paper, from templates."""

import re
from pathlib import Path

from nqp.book.chapters import SYNTHESIS
from nqp.book.parameters import ChapterError
from nqp.papers import DECLARATION, SECTIONS, papers_dir
from nqp.paths import book_dir, notebooks_dir, root, write_whole
from nqp.reads import sha256

TEMPLATES = Path(__file__).parent / "templates"
SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def new_paper(slug: str) -> list[Path]:
    """Write ``data/papers/SLUG`` and ``notebooks/SLUG``, which build as they are, and return the files.

    A `ChapterError` refuses a name that is no slug or whose folders are there; nothing is ever overwritten.
    """
    if not SLUG.fullmatch(slug) or slug == SYNTHESIS:
        raise ChapterError(
            f"{slug!r} cannot name a paper: use small letters, digits and single underscores, such as wang_2027"
        )
    data, notebooks = papers_dir() / slug, notebooks_dir() / slug
    if there := [f for f in (data, notebooks, book_dir() / slug) if f.exists()]:
        listed = ", ".join(f.relative_to(root()).as_posix() for f in there)
        raise ChapterError(f"{listed} is there already; `nqp new` overwrites nothing. Take another name")
    tables = sorted(path.name for path in TEMPLATES.glob("data/*.csv"))
    written = [_write(data / name, f"data/{name}", {}) for name in tables]
    words = {"PAPER_SLUG": slug} | {f"SHA256_OF {path.name}": sha256(path) for path in written}
    written.append(_write(data / DECLARATION, f"data/{DECLARATION}", words))
    for section in SECTIONS:
        words |= {"SECTION_NAME": section, "SECTION_TITLE": section.capitalize()}
        written.append(_write(notebooks / f"{section}.md", "notebooks/chapter.md", words))
    return [*written, _write(notebooks / "audit.py", "notebooks/audit.py", words)]


def _write(path: Path, template: str, words: dict[str, str]) -> Path:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for mark, word in words.items():
        text = text.replace(mark, word)
    write_whole(path, text)
    return path
