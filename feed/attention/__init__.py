"""What needs a trader now: rules about fixtures, and one list of what they find for each process."""
