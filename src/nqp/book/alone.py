"""Pages that need no other file, for reviewers and editors, and the same as PDF."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from nqp import __version__
from nqp.book.processes import scratch
from nqp.papers import Refusal
from nqp.paths import book_dir
from nqp.show.comparison import digits

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = ("--headless", "--disable-gpu", "--no-pdf-header-footer")


def render(template: str, **facts: Any) -> str:
    """Return a template of ``templates/alone`` filled with facts; a page has the book's own styles in it."""
    how = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    form = Environment(
        loader=PackageLoader("nqp.book", "templates/alone"), autoescape="html" in template, **how
    )
    styles = "\n".join(path.read_text("utf-8") for path in sorted((book_dir() / "_static").glob("*.css")))
    own = {
        "styles": styles,
        "digits": digits,
        "version": __version__,
        "when": f"{datetime.now():%Y-%m-%d %H:%M}",
    }
    return form.get_template(template).render(**own, **facts)


def print_pdf(page: Path) -> Path:
    """Print a page to a PDF beside it; a `Refusal` says that there is no Chromium or that it failed."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses the superuser
    with scratch() as folder:
        own = [f"--user-data-dir={folder}", f"--print-to-pdf={folder / 'page.pdf'}", page.resolve().as_uri()]
        try:
            subprocess.run(
                [found or "chromium", *OPTIONS, *rights, *own], check=True, capture_output=True, timeout=180
            )
            return shutil.copyfile(folder / "page.pdf", page.with_suffix(".pdf"))
        except (OSError, subprocess.SubprocessError) as failed:
            why = "Chromium did not print the page" if found else "there is no Chromium on this machine"
            raise Refusal(f"no PDF: {why}; open {page} in a browser and print it there") from failed
