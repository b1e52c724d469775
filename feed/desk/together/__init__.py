"""What traders do together: on a fixture, and when a shift ends."""
