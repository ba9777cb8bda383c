"""Take the picture on the first page, book/_static/chapter.png, from the compiled book. Needs Chromium.

make picture
"""

import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "build" / "_build" / "html" / "book" / "open_benchmark" / "baseline.html"
PICTURE = ROOT / "book" / "_static" / "chapter.png"
SIZE = {"width": 1400, "height": 820}
COLOURS = 128  # enough for a page, and a third of the bytes
LEAD = 90  # pixels shown above the table
TIDY = "document.querySelectorAll('.bd-header-article, .prev-next-footer').forEach(e => e.remove())"


def take() -> None:
    """Open the chapter, go to its first table of printed beside computed numbers, and photograph the window."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        sys.exit("no Chromium on this machine; install it, then say `make picture`")
    if not PAGE.is_file():
        sys.exit(f"{PAGE.relative_to(ROOT)} is not there; say `make book` first")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(viewport=SIZE, color_scheme="light")
        page.goto(PAGE.as_uri())
        page.wait_for_load_state("networkidle")
        page.evaluate(TIDY)
        top = page.evaluate("document.querySelector('.nqp-comparison').getBoundingClientRect().top")
        page.evaluate(f"window.scrollTo({{top: {top - LEAD}, behavior: 'instant'}})")
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURE)
        opened.close()
    Image.open(PICTURE).convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(
        PICTURE, optimize=True
    )


if __name__ == "__main__":
    take()
