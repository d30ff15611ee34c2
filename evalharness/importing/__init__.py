"""A preparation document becomes questions, sample attempts and a rubric."""
