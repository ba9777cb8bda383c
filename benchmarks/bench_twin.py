"""One twin, and two hundred seeds of its coefficients by one matrix product against as many panels.

Prints a markdown table.

    python benchmarks/bench_twin.py
"""

import time

from nqp.twin import generate, monte_carlo

STUDY, SEEDS, PANELS = "cluster_pilot", 200, 10


def main() -> None:
    """Time everything in one run and print the table."""
    started = time.perf_counter()
    generate(STUDY, 0)
    first = time.perf_counter() - started
    started = time.perf_counter()
    for seed in range(1, PANELS + 1):
        generate(STUDY, seed)
    each = (time.perf_counter() - started) / PANELS
    started = time.perf_counter()
    monte_carlo(STUDY, range(SEEDS))
    product = time.perf_counter() - started
    print("| work | seconds | ratio |\n|---|---|---|")
    print(f"| first panel, with the solution of its world | {first:.2f} | |")
    print(f"| each further panel | {each:.2f} | |")
    print(
        f"| targeted coefficients over {SEEDS} seeds | {product:.2f}"
        f" | {each * SEEDS / product:.0f}x faster than the panels alone |"
    )


if __name__ == "__main__":
    main()
