"""Changes out to those who watch: announced, rendered once, pushed to browsers and subscribers."""
