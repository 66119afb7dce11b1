"""`photofind` and `python -m photofind`."""

import sys


def main() -> int:
    """Run the command line; return the exit status."""
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()  # a decoder process of a frozen program starts here and ends in this call
    try:
        from photofind.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells have it


if __name__ == "__main__":
    sys.exit(main())
