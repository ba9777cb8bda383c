"""Pairing, execution and compilation of the chapters."""
