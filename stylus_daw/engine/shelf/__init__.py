"""Which models there are: the user's list, hub ids, downloads, hashes."""
