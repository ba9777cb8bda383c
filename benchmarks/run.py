"""Run every benchmark and write benchmarks/RESULTS.md. Ratios are taken within one run, on one machine.

make bench
"""

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
PARTS = {
    "Placebo by random assignment": "bench_placebo.py",
    "Spatial Durbin panel": "bench_spatial.py",
    "Twins": "bench_twin.py",
    "Marking": "bench_marking.py",
    "The book": "bench_book.py",
}
PACKAGES = ("numpy", "scipy", "pandas", "linearmodels", "pyfixest", "spreg")


def processor() -> str:
    """Return the processor's name where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> None:
    """Write the results, a section a benchmark."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    text = [
        "# How fast is it?\n",
        "Written by `make bench`; never part of a test. Seconds depend on the machine, so read the ratios: both sides"
        " of each were timed in one run.\n",
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()},"
        f" {versions}.\n",
    ]
    for title, script in PARTS.items():
        print(f"{title} ...", flush=True)
        ended = subprocess.run([sys.executable, HERE / script], capture_output=True, text=True, check=True)
        text.append(f"## {title}\n\n{ended.stdout.strip()}\n")
    (HERE / "RESULTS.md").write_text("\n".join(text), encoding="utf-8")
    print(HERE / "RESULTS.md")


if __name__ == "__main__":
    main()
