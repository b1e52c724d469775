"""What was shown, in the signed tree: a leaf of each span, what a bundle has of it, and how both are checked."""
