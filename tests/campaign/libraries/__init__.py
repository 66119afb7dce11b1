"""Libraries as older versions of the program left them; ``README.md`` says how they were made."""
