"""The statements of the store for each database, and history by day."""
