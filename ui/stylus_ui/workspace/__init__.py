"""What is worked on: content, sound and takes, every edit undoable and kept on the disk. No Qt."""
