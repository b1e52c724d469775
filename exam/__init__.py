"""The exam: the whole desk in its own processes, tried with faults, and counted by what is painted (docs/exam.md)."""
