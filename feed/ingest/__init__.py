"""The loop: deliveries in, decoded, stored, acknowledged, announced; and the state of each source."""
