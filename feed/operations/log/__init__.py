"""A fixture's log as a page, as files to take away, and each message as it came."""
