"""The rest of TRADE's Customers API: metadata kept, fixtures ordered and cancelled, markets suspended by hand."""
