"""The parts of a page: what each is called, what it shows, and its HTML at a version."""
