"""Files that `init` writes and the action runs."""
