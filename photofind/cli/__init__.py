"""The command line: parsing, printing and the worker process. It knows the core and nothing of Qt."""
