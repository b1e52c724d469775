"""Rows in memory: what they are made of, how they are read, kept between batches, and written."""
