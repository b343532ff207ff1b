"""Files between machines: kept by their hashes, sent in chunks, or not sent where both see the same folder."""
