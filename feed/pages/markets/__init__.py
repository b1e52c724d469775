"""Markets: their groups, their grids of prices, the main ones, and the margin in them."""
