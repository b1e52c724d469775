"""What changed, for ever: written in the transaction of each batch, read as history and as the state at a moment."""
