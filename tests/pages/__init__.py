"""Pages for users -> proof that what they tell is so: every command is run, every file example is used."""
