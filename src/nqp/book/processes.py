"""Processes that end with the one that started them, and folders that do not outlive theirs."""

import ctypes
import fcntl
import os
import pkgutil
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

END_WITH_PARENT = 1  # Linux: PR_SET_PDEATHSIG
FOLDERS = "nqp-kernel-"


def following(function: str, *arguments: str) -> list[str]:
    """Return the command that calls a function, such as ``package.module:main``, in a process that ends when we end."""
    return [sys.executable, "-m", __name__, str(os.getpid()), function, *arguments]


def _follow(parent: int) -> None:
    """End this process at once when its parent is gone; where the system cannot do it, by looking."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder that only this user can look into; remove it, and those that killed processes left behind."""
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        _remove_unless_used(left)
    folder, held = _held_folder()
    try:
        with folder:
            yield Path(folder.name)
    finally:
        os.close(held)


def _held_folder() -> tuple[tempfile.TemporaryDirectory, int]:
    """Return a folder and the hold on it, which the system lets go of when the process ends, however it ends."""
    while True:
        folder = tempfile.TemporaryDirectory(prefix=FOLDERS, ignore_cleanup_errors=True)
        with suppress(FileNotFoundError):  # it looked like one left behind until it was held
            held = os.open(folder.name, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)
            if Path(folder.name).is_dir():
                return folder, held
            os.close(held)


def _remove_unless_used(folder: Path) -> None:
    try:
        held = os.open(folder, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):  # another one removed it, or it is another user's
        return
    with suppress(BlockingIOError):
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    os.close(held)


if __name__ == "__main__":
    _follow(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    del sys.path[0]  # the working directory, which Python puts there for -m
    pkgutil.resolve_name(sys.argv[0])()
