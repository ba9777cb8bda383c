"""Room: robustness."""
