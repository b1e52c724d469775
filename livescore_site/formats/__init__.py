"""How dates are written in the operations pages."""
