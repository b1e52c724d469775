"""Messages applied to rows in memory: newer wins, whole or delta, one module for each thing that messages speak of."""
