"""Room: spatial."""
