"""One twin of each paper, further ones, and two hundred seeds of its coefficients by one matrix product.

Prints a markdown table.

    python benchmarks/bench_twin.py
"""

import time
from collections.abc import Callable

from nqp.twin import available, generate, monte_carlo

SEEDS, PANELS = 200, 10


def seconds(work: Callable[..., object], study: str, seeds: range) -> float:
    """Time one call."""
    started = time.perf_counter()
    work(study, seeds)
    return time.perf_counter() - started


def panels(study: str, seeds: range) -> None:
    """Generate one panel a seed."""
    for seed in seeds:
        generate(study, seed)


def main() -> None:
    """Time everything in one run and print the table."""
    print(f"| twin | first panel, s | each further panel, s | coefficients over {SEEDS} seeds, s | ratio |")
    print("|---|---|---|---|---|")
    for study in available():
        first = seconds(panels, study, range(1))
        each = seconds(panels, study, range(1, PANELS + 1)) / PANELS
        product = seconds(monte_carlo, study, range(SEEDS))
        print(f"| {study} | {first:.2f} | {each:.2f} | {product:.2f} | {each * SEEDS / product:.0f}x |")


if __name__ == "__main__":
    main()
