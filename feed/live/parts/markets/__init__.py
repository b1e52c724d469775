"""The parts of a page that show prices."""
