"""Everything that talks to a DAW."""
