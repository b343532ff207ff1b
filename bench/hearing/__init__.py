"""What is heard in a sound: notes, pitches, instruments, holes; other people's ears and ours."""
