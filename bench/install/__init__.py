"""What a producer waits for and stores before the first stem."""
