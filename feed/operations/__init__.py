"""How the desk itself fares: the health page, metrics, what load balancers ask."""
