"""What a running chapter reads and imports: when the state of one of these changes, the chapter is stale."""

import hashlib
import json
import sys
from pathlib import Path

from nqp.paths import code_dir, root

PACKAGES = ("nqp", "printcheck")
MISSING = "missing"
_seen: dict[str, str] = {}


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def note(*paths: Path) -> None:
    """Remember that files below the project's root were read, or that the list of a folder's folders was.

    A file that is not there may be noted too: the reader goes stale when it comes.
    """
    for path in paths:
        name = path.resolve().relative_to(root()).as_posix() + "/" * path.is_dir()
        _seen.setdefault(name, state(name))


def state(name: str) -> str:
    """Return the state of what was noted or imported: a hash, or `MISSING`.

    Parameters
    ----------
    name : place below the root; of a folder, which ends in a slash, the names of its folders count; ``src/`` is where
        the code was imported from, wherever the root is
    """
    path = code_dir() / name.removeprefix("src/") if name.startswith("src/") else root() / name
    if name.endswith("/") and path.is_dir():
        folders = sorted(p.name for p in path.iterdir() if p.is_dir() and not p.name.startswith("."))
        return hashlib.sha256("\n".join(folders).encode()).hexdigest()
    return sha256(path) if path.is_file() else MISSING


def record() -> str:
    """Return as JSON every file noted in this process and every file of the book's code that it imported.

    Files are noted with their state when they were first read, code with its state now.
    """
    imported = set()
    for name, module in list(sys.modules.items()):
        file = vars(module).get("__file__") if hasattr(module, "__dict__") else None
        if not file:
            continue
        path = Path(file).resolve()
        if name.partition(".")[0] in PACKAGES and path.is_relative_to(code_dir()):
            imported.add(f"src/{path.relative_to(code_dir()).as_posix()}")
        elif path.is_relative_to(root() / "notebooks"):
            imported.add(path.relative_to(root()).as_posix())
    return json.dumps({**{name: state(name) for name in imported}, **_seen}, sort_keys=True)
