"""The pages of the settings dialog; each knows its own fields, what changed in them, and what is wrong with them."""
