"""Fields of messages made to fit: coerced into types, normalised for the desk."""
