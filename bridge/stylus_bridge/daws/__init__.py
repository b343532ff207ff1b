"""Host-side scripts, one folder per DAW."""
