"""What every part of the feed needs of the database: how connections read, and queries whose SQL is made once."""
