"""What every grader that sends shares: what a call costs, how many go out at once, what may be spent."""
