"""Who listens: hosts that said hello, what each has subscribed to, and when each was last heard."""
