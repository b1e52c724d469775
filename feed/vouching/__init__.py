"""Whether a price may look open, and why not: one predicate, and what it needs to know of the rows."""
