"""Room: baseline."""
