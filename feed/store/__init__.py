"""A batch of messages -> rows, in one transaction -> Changes."""
