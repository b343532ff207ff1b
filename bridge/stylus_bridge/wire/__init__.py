"""OSC messages: the vocabulary, its datagrams, the UDP socket and the traffic log."""
