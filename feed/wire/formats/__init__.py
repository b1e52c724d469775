"""The formats of messages: JSON, XML, Hyper Livescore."""
