"""The supplier (LSports), simulated: matches, prices, messages, package API, faults. Only commands import it."""
