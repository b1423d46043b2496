"""Tanggap: the complaint desk of a public agency. See README.md for the map."""

__version__ = "0.1.0"
