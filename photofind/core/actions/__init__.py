"""Acting on a user's files: a plan, each file verified right before it is touched, a journal, and a way back."""
