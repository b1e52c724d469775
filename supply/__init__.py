"""What the desk is made of, and known vulnerabilities in it: `make sbom`, `make vulnerabilities`."""
