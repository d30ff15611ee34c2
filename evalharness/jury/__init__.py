"""Several graders on the same answers: levels side by side, the mean, and where they disagree."""
