"""Commands that do not meet, processes that end with the one that started them, folders that do not outlive theirs."""

import fcntl
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from nqp.papers import Refusal
from nqp.paths import build_dir, root

# a line of Python for a process that must end with the one that started it, whatever it is at; 1 is PR_SET_PDEATHSIG
FOLLOW = 'assert __import__("sys").platform != "linux" or not __import__("ctypes").CDLL(None).prctl(1, 9)'
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
        except (PermissionError, ValueError):  # it runs, for another user, or is none of ours
            continue
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        yield Path(name)
