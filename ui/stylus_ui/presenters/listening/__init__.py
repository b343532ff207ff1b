"""What can be heard, and the transport that plays it. No Qt."""
