"""What traders do on the desk beyond looking: preferences, favourites, views, notes, alerts; and their other pages."""
