"""Run a handed-in notebook: in a process of its own, with limits, and where the system allows with nothing to harm.

On Linux with user namespaces the process has no network but its own, sees no other process, and can write nowhere but
into a folder in memory, which ends with it.
"""

import ctypes
import fcntl
import json
import os
import resource
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache

import nbformat

from nqp.paths import root

UNSHARE = (
    "unshare",
    "--map-root-user",
    "--mount",
    "--pid",
    "--net",
    "--ipc",
    "--fork",
    "--kill-child",
    "--mount-proc",
)
KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "VIRTUAL_ENV")  # of the environment: no keys, no addresses
LO_UP = struct.pack("16sh14x", b"lo", 0x41)
MOUNT_SETATTR, HERE, RECURSIVE, READ_ONLY = 442, -100, 0x8000, 1
MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What a submission may use."""

    seconds: int = 120  # for a cell; the whole has three times as much
    memory: int = 4096  # megabytes, of address space
    file: int = 50  # megabytes, of one file


@cache
def closed() -> bool:
    """Return whether the system lets a process be closed off."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0


def run(notebook: nbformat.NotebookNode, limits: Limits) -> tuple[nbformat.NotebookNode | None, str]:
    """Execute a notebook, going on after errors; return it, nothing when it was ended, and what to say of that."""
    from nqp.book.kernel import environment
    from nqp.book.processes import scratch

    with scratch() as folder, tempfile.TemporaryFile("w+") as said:
        whole = environment(folder, HOME=str(folder), MPLCONFIGDIR=str(folder), NQP_ROOT=str(root()))
        env = {name: value for name, value in whole.items() if name in KEPT or os.environ.get(name) != value}
        how = json.dumps({"folder": str(folder), "closed": closed(), **asdict(limits)})
        command = [*(UNSHARE if closed() else ()), sys.executable, "-m", "nqp.teaching.sandbox", how]
        silent = {"stderr": subprocess.DEVNULL, "start_new_session": True}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, cwd=folder, env=env, **silent)
        try:
            process.communicate(nbformat.writes(notebook).encode(), timeout=3 * limits.seconds)
        except subprocess.TimeoutExpired:
            return None, f"ended after {3 * limits.seconds} seconds"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()
        said.seek(0)
        return _read(said.read(), str(folder))


def _read(said: str, folder: str) -> tuple[nbformat.NotebookNode | None, str]:
    try:
        stopped, written = json.loads(said.replace(folder, "."))
        return nbformat.reads(written, as_version=4), stopped
    except Exception:  # a process that was taken over may say anything
        return None, "the process ended without a result: memory, file size or another limit"


def main() -> None:
    """Close the process off, execute the notebook on standard input and write it to standard output."""
    how = json.loads(sys.argv[1])
    own = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the kernel's own standard output must not reach ours
    written = sys.stdin.read()
    if how["closed"]:
        _close_off(how["folder"])
    for kind, most in (
        (resource.RLIMIT_AS, how["memory"] * MEGABYTE),
        (resource.RLIMIT_FSIZE, how["file"] * MEGABYTE),
        (resource.RLIMIT_CPU, 3 * how["seconds"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    notebook = nbformat.reads(written, as_version=4)
    stopped = _execute(notebook, how["folder"], how["seconds"])
    json.dump([stopped, nbformat.writes(notebook)], own)
    own.flush()


def _close_off(folder: str) -> None:
    """Make every file system read-only, then put memory where files may be written; start the own network."""
    libc = ctypes.CDLL(None, use_errno=True)
    everything = struct.pack("QQQQ", READ_ONLY, 0, 0, 0)
    failed = libc.syscall(MOUNT_SETATTR, HERE, b"/", RECURSIVE, everything, len(everything))
    for place in (folder, "/dev/shm"):
        failed = failed or libc.mount(b"tmpfs", place.encode(), b"tmpfs", 0, b"size=512m")
    if failed:
        sys.exit(f"the file systems cannot be closed: {os.strerror(ctypes.get_errno())}")
    os.chdir(folder)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, LO_UP)  # SIOCSIFFLAGS: the kernel is spoken to over the loop


def _execute(notebook: nbformat.NotebookNode, folder: str, seconds: int) -> str:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    rules = {"timeout": seconds, "allow_errors": True, "interrupt_on_timeout": True, "record_timing": False}
    try:
        NotebookClient(notebook, kernel_name="python3", **rules).execute(cwd=folder)
    except (DeadKernelError, CellTimeoutError, RuntimeError) as stopped:
        return f"its kernel died: out of memory, or ended by a cell ({type(stopped).__name__})"
    return ""


if __name__ == "__main__":
    main()
