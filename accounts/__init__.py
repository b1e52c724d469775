"""People's accounts: counting wrong passwords, known browsers, who may give which rights, what is logged of it."""
