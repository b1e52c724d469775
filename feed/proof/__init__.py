"""Proof: every message is a leaf of a Merkle tree whose root is signed each second (docs/proof.md)."""
