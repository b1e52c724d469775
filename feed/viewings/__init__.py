"""What was shown to whom: kept by web processes in spans of ten seconds, read by those who must answer for it."""
