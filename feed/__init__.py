"""The feed's way through the desk: transport -> wire -> store -> live -> page."""
