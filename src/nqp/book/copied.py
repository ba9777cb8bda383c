"""A program, never imported: it imports what chapters import, and each kernel is a copy of it.

A line of JSON on standard input asks for a kernel: libraries to import first, and how it starts. The answer is the
number of its process; 0 where no true copy can be made, since a thread runs that it would lack.
"""

import builtins
import ctypes
import gc
import json
import os
import sys
from contextlib import suppress
from importlib import import_module
from types import SimpleNamespace


def serve() -> None:
    """Answer until nobody can ask; kernels end with this process."""
    del sys.path[0]  # where this file lies
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        _import(["ipykernel.kernelapp", *asked["libraries"]])
        gc.freeze()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        copied, parent = len(os.listdir("/proc/self/task")) == 1, os.getpid()  # noqa: PTH208
        kernel = os.fork() if copied else 0
        if copied and not kernel:
            answers.close()
            _be_kernel(parent, asked["words"], asked["cwd"], asked["env"])
        print(kernel, file=answers, flush=True)


def _import(libraries: list[str]) -> None:
    """Import what is not yet, while somebody waits for it; pandas asks when imported whether it is in a kernel."""
    waiting = os.getppid()
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
    for library in libraries:
        with suppress(Exception):  # the chapter meets the error itself, and it is reported there
            import_module(library)
        if os.getppid() != waiting:
            sys.exit()
    del builtins.get_ipython


def _be_kernel(parent: int, words: list[str], cwd: str, env: dict[str, str]) -> None:
    """Do as ``python -m ipykernel_launcher`` does in a process of its own."""
    ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # without a seed, each copy would draw the same
    sys.argv = words
    import_module("ipykernel.kernelapp").launch_new_instance()
    sys.exit()


if __name__ == "__main__":
    serve()
