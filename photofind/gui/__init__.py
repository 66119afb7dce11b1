"""The window: Qt on top of the core. Nothing but ``photofind.__main__`` imports it."""
