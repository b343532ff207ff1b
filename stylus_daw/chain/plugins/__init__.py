"""Third-party plugins: scanned, loaded and run in processes of their own."""
