"""The rows of the table of actions, by menu; ``action_table`` puts them together."""
