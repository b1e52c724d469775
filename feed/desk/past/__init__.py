"""What pages of the past have beside those of the present: the player's frames and ways to other moments."""
