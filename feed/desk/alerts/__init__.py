"""A trader's rules and their alerts: the page of both, a rule from a price, what every page shows of what is new."""
