"""What presenters build on: observables, preferences, notices, texts, threads. No Qt."""
