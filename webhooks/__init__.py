"""What changed, posted to programs that cannot hold a socket."""
