"""``.styluspreset`` bundles: exported, read with suspicion, imported."""
