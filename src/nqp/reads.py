"""What a running chapter reads. Files are noted as they are opened; when one of them changes, the chapter is stale."""

from pathlib import Path

from nqp.paths import root

_seen: set[str] = set()


def note(*paths: Path) -> None:
    """Remember that files below the project's root were read, or decided what was read."""
    _seen.update(path.resolve().relative_to(root()).as_posix() for path in paths)


def noted() -> list[str]:
    """Return every file noted since the process began, as sorted places below the root."""
    return sorted(_seen)
