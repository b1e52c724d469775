"""What a page shows, computed from rows before any template sees it: no queries and no rules in templates."""
