"""A file of any format becomes numbered lines, none of them dropped."""
