"""Job folders: what a host without sockets writes and reads, and what the app keeps in them."""
