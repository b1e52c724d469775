"""A source that is spread over several queues: which consumer has which, and what all of them say together."""
