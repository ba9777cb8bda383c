"""What a running chapter reads and imports: when the state of one of these changes, the chapter is stale."""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from nqp.paths import code_dir, root

PACKAGES = ("nqp", "printcheck")
MISSING = "missing"
_seen: dict[str, str] = {}


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(thing: object) -> str:
    """Return the hexadecimal sha256 of a thing that JSON can hold, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode()).hexdigest()


def note(*paths: Path) -> None:
    """Remember that files below the project's root were read, or that the list of a folder's folders was.

    A file that is not there may be noted too: the reader goes stale when it comes.
    """
    for path in paths:
        name = path.relative_to(root()).as_posix() + "/" * path.is_dir()
        _seen.setdefault(name, state(name))


def state(name: str) -> str:
    """Return a hash of what was noted or imported, by its place below the root, or `MISSING`.

    Of a folder, which ends in a slash, the names of its folders count; ``src/`` is where the code was imported from.
    """
    path = code_dir() / name.removeprefix("src/") if name.startswith("src/") else root() / name
    if name.endswith("/") and path.is_dir():
        return digest(sorted(p.name for p in path.iterdir() if p.is_dir() and not p.name.startswith(".")))
    return sha256(path) if path.is_file() else MISSING


def basis_of(paths: Iterable[Path]) -> str:
    """Return one hash of the states of files below the root: of what a committed result rests on."""
    return digest({name: state(name) for name in (path.relative_to(root()).as_posix() for path in paths)})


def record() -> dict[str, str]:
    """Return the state of each file noted in this process, when first read, and of the book's code it imported."""
    imported = set()
    for name, module in list(sys.modules.items()):
        path = Path(getattr(module, "__dict__", {}).get("__file__") or "/").resolve()
        if name.partition(".")[0] in PACKAGES and path.is_relative_to(code_dir()):
            imported.add(f"src/{path.relative_to(code_dir()).as_posix()}")
        elif path.is_relative_to(root() / "notebooks"):
            imported.add(path.relative_to(root()).as_posix())
    return {name: state(name) for name in imported} | _seen
