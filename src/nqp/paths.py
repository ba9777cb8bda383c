"""Where things are. The one module that knows the folders."""

import json
import os
import sys
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any


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
    around = (p for p in (here, *here.parents) if (p / "_toc.yml").is_file() and (p / "src" / "nqp").is_dir())
    found = next(around, None)
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
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def set_aside(path: Path, why: str) -> None:
    """Rename a file, so that nothing reads it and nothing of it is lost, and say so."""
    names = (path.with_name(f"{path.name}.aside{number}") for number in count(1))
    free = next(name for name in names if not name.exists())
    path.replace(free)
    print(f"{path.relative_to(root())} {why}; what it held is in {free.name} beside it", file=sys.stderr)


def read_kept(path: Path) -> dict[str, Any]:
    """Return what a state file holds, by name; nothing without one. One that cannot be read is set aside."""
    if not path.is_file():
        return {}
    try:
        if isinstance(kept := json.loads(path.read_bytes()), dict):
            return kept
    except (ValueError, RecursionError):
        pass
    set_aside(path, "cannot be read and is made anew")
    return {}


def keep(path: Path, kept: dict[str, Any]) -> None:
    """Write a state file."""
    write_whole(path, json.dumps(kept, indent=1, sort_keys=True))
