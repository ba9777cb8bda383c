"""The two folders of a new paper, from templates."""

import re
from pathlib import Path

from nqp.book.chapters import SYNTHESIS
from nqp.book.parameters import ChapterError
from nqp.papers import SECTIONS, papers_dir
from nqp.paths import book_dir, notebooks_dir, root
from nqp.reads import sha256

TEMPLATES = Path(__file__).parent / "templates"
SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
QUESTIONS = {
    "index": "how is the outcome measured?",
    "baseline": "what is the effect?",
    "robustness": "what could undo it?",
    "mechanisms": "how, and for whom?",
    "spatial": "what happens next door?",
}


def new_paper(slug: str) -> list[Path]:
    """Write ``data/papers/SLUG`` and ``notebooks/SLUG``, which build as they are, and return the files.

    Raises
    ------
    ChapterError
        For a name that is no slug, and one whose folders are there already; nothing is ever overwritten.
    """
    if not SLUG.fullmatch(slug) or slug == SYNTHESIS:
        raise ChapterError(
            f"{slug!r} cannot name a paper: use small letters, digits and single underscores, such as wang_2027"
        )
    data, notebooks = papers_dir() / slug, notebooks_dir() / slug
    if there := [f for f in (data, notebooks, book_dir() / slug) if f.exists()]:
        listed = ", ".join(f.relative_to(root()).as_posix() for f in there)
        raise ChapterError(f"{listed} is there already; `nqp new` overwrites nothing. Take another name")
    written = [_write(data / path.name, path, slug) for path in sorted((TEMPLATES / "data").glob("*.csv"))]
    hashes = {f"SHA256_OF {path.name}": sha256(path) for path in written}
    written.append(_write(data / "paper.yml", TEMPLATES / "data" / "paper.yml", slug, hashes))
    for section in SECTIONS:
        words = {
            "SECTION_TITLE": section.capitalize(),
            "SECTION_QUESTION": QUESTIONS[section],
            "SECTION_NAME": section,
        }
        path = notebooks / f"{section}.md"
        written.append(_write(path, TEMPLATES / "notebooks" / "chapter.md", slug, words))
    written.append(_write(notebooks / "audit.py", TEMPLATES / "notebooks" / "audit.py", slug))
    return written


def _write(path: Path, template: Path, slug: str, words: dict[str, str] | None = None) -> Path:
    text = template.read_text(encoding="utf-8")
    for mark, word in {"PAPER_SLUG": slug, **(words or {})}.items():
        text = text.replace(mark, word)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
