"""What the desk is made of, and whether a known hole is in it: `make sbom`, `make holes`."""
