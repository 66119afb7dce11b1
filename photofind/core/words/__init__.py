"""Words: from what someone typed to what a search can look for."""
