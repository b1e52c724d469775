"""The stream for programs: a fixture as JSON, what changed of it, and who follows it."""
