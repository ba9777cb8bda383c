"""Keep each chapter's text and its paired notebook in step. Jupytext does the work."""

from nqp.book.chapters import Chapter


def sync(chapter: Chapter) -> None:
    """Bring the source and its paired notebook into step; the newer of the two wins, tags and metadata kept."""
    if chapter.pair.is_file() and chapter.pair.stat().st_mtime == chapter.source.stat().st_mtime:
        return
    from jupytext.cli import jupytext

    chapter.pair.parent.mkdir(parents=True, exist_ok=True)
    jupytext(["--sync", "--quiet", str(chapter.source)])
