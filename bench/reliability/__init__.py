"""What the app stands: floods, kills, races, stops, and many jobs in a row. Real processes, sockets and renders."""
