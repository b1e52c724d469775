"""What somebody had on the screen at a moment: read from what was kept, and rendered again from the journal."""
