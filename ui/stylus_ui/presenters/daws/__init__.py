"""Which DAWs are heard and how their scripts stand. No Qt."""
