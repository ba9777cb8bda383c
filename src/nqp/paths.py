"""Where things are. The one module that knows the folders."""

import os
from functools import cache
from pathlib import Path


@cache
def _root(override: str | None) -> Path:
    candidate = Path(override).resolve() if override else Path(__file__).resolve().parents[2]
    if not (candidate / "_toc.yml").is_file() or not (candidate / "data").is_dir():
        raise FileNotFoundError(
            f"no book at {candidate}: it has no _toc.yml and data/. Install the package from a checkout with"
            " `pip install --editable .`, or set the environment variable NQP_ROOT to a checkout."
        )
    return candidate


def root() -> Path:
    """Return the project's root: ``NQP_ROOT`` if set, else the checkout this package is installed from."""
    return _root(os.environ.get("NQP_ROOT"))


def other_checkout() -> Path | None:
    """Return the checkout that the working directory lies in when it is not the code's; nothing with ``NQP_ROOT``."""
    if "NQP_ROOT" in os.environ:
        return None
    here = Path.cwd()
    found = next((p for p in (here, *here.parents) if (p / "src" / "nqp" / "paths.py").is_file()), None)
    return found if found and not found.samefile(root()) else None


def data_dir() -> Path:
    """Return the folder of data files."""
    return root() / "data"


def notebooks_dir() -> Path:
    """Return the folder of chapter sources."""
    return root() / "notebooks"


def book_dir() -> Path:
    """Return the folder of prose pages and executed chapters."""
    return root() / "book"


def build_dir() -> Path:
    """Return the folder of everything that can be deleted and made again."""
    return root() / "build"


def code_dir() -> Path:
    """Return the folder that the running code was imported from."""
    return Path(__file__).resolve().parents[1]


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_changed(path: Path, text: str) -> bool:
    """Write a file whole unless it holds this text already; return whether it did not."""
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    write_whole(path, text)
    return True
