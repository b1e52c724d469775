"""The hub of a web process: what is watched here, when it is polled, and to whom its changes are sent."""
