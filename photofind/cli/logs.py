"""The names of the worker's logs, below the library's folder."""

LOG_FILE = "photofind.log"
"""What photofind itself has to say, tracebacks too."""

NATIVE_LOG_FILE = "decoders.log"
"""What libraries print on stderr while they decode; emptied when a worker starts."""
