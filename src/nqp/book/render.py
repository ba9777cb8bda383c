"""Pages from templates: of the book, or alone in a file for reviewers and editors; and the same as PDF."""

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
    """Return a template filled with facts, those in HTML with the book's own styles in them."""
    how = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    loader = PackageLoader("nqp.book", "templates")
    forms = Environment(loader=loader, autoescape=template.endswith(".html"), **how)
    sheets = sorted((book_dir() / "_static").glob("*.css"))
    forms.globals["styles"] = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    forms.globals |= {"digits": digits, "version": __version__, "when": f"{datetime.now():%Y-%m-%d %H:%M}"}
    return forms.get_template(template).render(facts)


def print_pdf(page: Path) -> Path:
    """Print a page to a PDF beside it; a `Refusal` says that there is no Chromium or that it failed."""
    found = next(filter(None, map(shutil.which, BROWSERS)), "")
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses the superuser
    with scratch() as folder:
        own = [f"--user-data-dir={folder}", f"--print-to-pdf={folder / 'page.pdf'}", page.resolve().as_uri()]
        try:
            subprocess.run([found, *OPTIONS, *rights, *own], check=True, capture_output=True, timeout=180)
            return shutil.copyfile(folder / "page.pdf", page.with_suffix(".pdf"))
        except (OSError, subprocess.SubprocessError) as failed:
            why = "Chromium did not print the page" if found else "there is no Chromium on this machine"
            raise Refusal(f"no PDF: {why}; open {page} in a browser and print it there") from failed
