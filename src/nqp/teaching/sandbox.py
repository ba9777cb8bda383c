"""Grade a submission in a process of its own, with limits, and where the system allows with nothing to harm.

On Linux with user namespaces it has no network, sees no other process, and writes only into memory.
"""

import ctypes
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from nqp.paths import root

UNSHARE = ("unshare", "-rmpnif", "--kill-child", "--mount-proc")  # own users, mounts, processes, network, ipc
KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "VIRTUAL_ENV")  # of the environment: no keys, no addresses
MOUNT_SETATTR, HERE, RECURSIVE, READ_ONLY = 442, -100, 0x8000, 1
STARTING = 300  # seconds on top of three cells' for the whole; a busy machine takes long to begin
MEGABYTES = {resource.RLIMIT_AS: 4096, resource.RLIMIT_FSIZE: 50, resource.RLIMIT_CORE: 0}


@cache
def closed() -> bool:
    """Return whether the system lets a process be closed off."""
    tried = [*UNSHARE, "true"]
    return bool(shutil.which("unshare")) and subprocess.run(tried, capture_output=True).returncode == 0


def grade(written: str, course: Path, number: str, seconds: int) -> tuple[str, str]:
    """Grade as `nqp.teaching.grading.grade` does, closed off; or return an empty text, and why."""
    from nqp.book.kernel import environment
    from nqp.book.processes import scratch

    with scratch() as folder, tempfile.TemporaryFile("w+") as said:
        whole = environment(folder, HOME=str(folder), MPLCONFIGDIR=str(folder), NQP_ROOT=str(root()))
        env = {name: value for name, value in whole.items() if name in KEPT or os.environ.get(name) != value}
        how = [str(folder), str(course), number, str(seconds), "closed" * closed()]
        command = [*(UNSHARE if closed() else ()), sys.executable, "-m", __name__, *how]
        wires = {"input": written.encode(), "stdout": said, "stderr": subprocess.DEVNULL}
        try:
            subprocess.run(command, **wires, timeout=STARTING + 3 * seconds, cwd=folder, env=env)
            said.seek(0)
            return tuple(json.loads(said.read().replace(str(folder), ".")))
        except subprocess.TimeoutExpired:
            return "", f"ended after {STARTING + 3 * seconds} seconds"
        except Exception:  # a process that was taken over may say anything
            return "", "the process ended without a result: memory, file size or another limit"


def main() -> None:
    """Close the process off, and grade the notebook on standard input."""
    from nqp.teaching import grading

    folder, course, number, seconds, close = sys.argv[1:]
    own = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the kernel's own standard output must not reach ours
    if close:
        _close_off(folder)
    for kind, most in MEGABYTES.items():
        resource.setrlimit(kind, (most * 2**20, most * 2**20))
    try:
        result = grading.grade(sys.stdin.read(), Path(folder), Path(course), number, int(seconds))
    except Exception as stop:  # whatever nbgrader makes of a notebook of any content
        result = "", f"nbgrader cannot grade it ({type(stop).__name__}): its kernel died, or it is broken"
    json.dump(result, own)


def _close_off(folder: str) -> None:
    """Make every file system read-only, then put memory where files may be written."""
    libc = ctypes.CDLL(None, use_errno=True)
    everything = struct.pack("QQQQ", READ_ONLY, 0, 0, 0)
    failed = libc.syscall(MOUNT_SETATTR, HERE, b"/", RECURSIVE, everything, len(everything))
    for place in (folder, "/dev/shm"):
        failed = failed or libc.mount(b"tmpfs", place.encode(), b"tmpfs", 0, b"size=512m")
    if failed:
        sys.exit(f"the file systems cannot be closed: {os.strerror(ctypes.get_errno())}")
    os.chdir(folder)


if __name__ == "__main__":
    main()
