"""The desk attacked: every kind of attack that it must stand, against a desk that is started for it on loopback."""
