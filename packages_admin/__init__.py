"""LSports packages: their credentials, the calls to LSports' API, and who made them."""
