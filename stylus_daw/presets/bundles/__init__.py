"""``.styluspreset`` bundles: exported, checked, imported."""
