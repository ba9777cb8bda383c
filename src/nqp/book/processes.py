"""Commands that do not meet, processes that end with the one that started them, folders that do not outlive theirs."""

import ctypes
import fcntl
import os
import pkgutil
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread

from nqp.papers import Refusal
from nqp.paths import build_dir, root

END_WITH_PARENT = 1  # Linux: PR_SET_PDEATHSIG
FOLDER = f"nqp-kernel-{platform.node()}-"


@contextmanager
def alone(command: str) -> Iterator[None]:
    """Hold the checkout, or refuse and say who holds it; the system lets go of it when a process ends, however."""
    if not (root() / "requirements.lock").is_file():
        raise Refusal(f"{root()} has no requirements.lock: `git checkout requirements.lock` or `make lock`")
    path = build_dir() / "running"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            file.seek(0)
            said = file.read() or "another command"
            raise Refusal(f"{said} works in {root()}; wait until it ends, or end it") from held
        file.truncate(0)
        file.write(f"process {os.getpid()} (`{command}`, since {datetime.now():%Y-%m-%d %H:%M:%S})")
        file.flush()
        yield


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder that only this user can look into; remove it, and those that killed processes left behind."""
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        try:
            os.kill(int(left.name.removeprefix(FOLDER).partition("-")[0]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except PermissionError:  # it runs, for another user
            continue
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        yield Path(name)


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


if __name__ == "__main__":
    _follow(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    del sys.path[0]  # the working directory, which Python puts there for -m
    pkgutil.resolve_name(sys.argv[0])()
