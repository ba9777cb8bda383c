"""The whole book: two chapters at a time against one after another, one changed chapter, and nothing to do.

python benchmarks/bench_book.py
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEFT_OUT = (".git", ".venv", "build", "*.ipynb", "ledger.csv")


def nqp(root: Path, *arguments: str) -> float:
    """Call the command on a copy of the project and return seconds."""
    started = time.perf_counter()
    command = [str(Path(sys.executable).with_name("nqp")), *arguments]
    subprocess.run(
        command, cwd=root, env={**os.environ, "NQP_ROOT": str(root)}, check=True, capture_output=True
    )
    return time.perf_counter() - started


def with_one_changed(root: Path, number: int) -> float:
    """Change a chapter and return the seconds until its page is there."""
    chapter = root / "notebooks" / "open_benchmark" / "baseline.md"
    chapter.write_text(
        f"{chapter.read_text(encoding='utf-8')}\nOne more sentence, {number}.\n", encoding="utf-8"
    )
    return nqp(root, "build")


def main() -> None:
    """Time everything in one run and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "book"
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
        one = nqp(root, "run", "--force", "--jobs", "1")
        two = nqp(root, "run", "--force", "--jobs", "2")
        compiled = nqp(root, "build")
        nothing = min(nqp(root, "build") for _ in range(3))
        changed = min(with_one_changed(root, number) for number in range(3))
    print("| work | seconds | ratio |\n|---|---|---|")
    print(f"| every chapter, one after another | {one:.1f} | |")
    print(f"| every chapter, two at a time | {two:.1f} | {one / two:.2f}x |")
    print(f"| compilation, chapters fresh | {compiled:.1f} | |")
    print(
        f"| one changed chapter, to its page | {changed:.1f} | {(two + compiled) / changed:.1f}x faster than all |"
    )
    print(f"| a build with nothing to do | {nothing:.1f} | |")


if __name__ == "__main__":
    main()
