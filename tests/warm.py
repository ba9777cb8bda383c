"""Processes that begin with their imports done: one process imports, and each program runs in a copy of it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SERVER = """
import json, os, sys
{imports}
for line in sys.stdin:
    code, words, cwd, env, out = json.loads(line)
    child = os.fork()
    if child == 0:
        file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1), os.dup2(file, 2), os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(cwd)
        os.environ.clear(), os.environ.update(env)
        sys.argv = ["-c", *words]
        exec(code, {{"__name__": "__main__"}})
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Warm:
    """Runs `python -c` programs as `subprocess.run` would, without importing again what was imported."""

    STDOUT = subprocess.STDOUT

    def __init__(self, imports: str, env: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-c", SERVER.format(imports=imports)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=env, **pipes)

    def run(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdout: object, **how: object
    ) -> subprocess.CompletedProcess:
        """Run `[python, "-c", code, *words]`; what it says goes to the file `stdout`, errors too."""
        python, option, code, *words = command
        assert (python, option, how["check"]) == (sys.executable, "-c", False)
        self.process.stdin.write(
            json.dumps([code, words, str(cwd), dict(env), os.fspath(stdout.name)]) + "\n"
        )
        self.process.stdin.flush()
        return subprocess.CompletedProcess(command, int(self.process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
