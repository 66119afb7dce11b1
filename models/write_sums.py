"""Renew the checksums of the descriptions that come with photofind, after one was edited by hand.

    python -m models.write_sums

The scripts that build models do so by themselves.
"""

from __future__ import annotations

from photofind.core import paths
from photofind.core.encoders.sums import write_sums


def main() -> None:
    """Write ``SHA256SUMS`` into each folder with descriptions."""
    for folder in sorted({path.parent for path in paths.bundled_models().glob("*/*.toml")}):
        write_sums(folder)
        print(folder)


if __name__ == "__main__":
    main()
