"""The board: which fixtures stand where, and each as a row."""
