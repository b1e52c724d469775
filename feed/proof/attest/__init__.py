"""What others say of our checkpoints, and we of theirs: time stamps and witnesses (docs/proof.md, Others)."""
