"""The REST API for programs, and the documents that describe it and the stream."""
