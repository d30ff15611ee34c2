"""What is between this program and whoever reads its output: the standard streams, and the runners of a CI."""
