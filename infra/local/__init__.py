"""Tanggap on one machine: the embedded AWS, what stands in for its mail service, and how they are started together."""
