"""Jobs: one render each, journalled, with exactly one outcome."""
