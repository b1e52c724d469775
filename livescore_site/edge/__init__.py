"""Between the network and Django: who may come in, how many at a time, and how much each may send."""
