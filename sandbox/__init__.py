"""The supplier (LSports), simulated: matches, prices, messages, package API, faults. Only commands and tests import it."""
