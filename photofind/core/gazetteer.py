"""Which city a position is in, or near: offline, from a table of the world's cities.

The table is ``resources/gazetteer.npz``, made by ``models/build_gazetteer.py`` from GeoNames (CC BY 4.0). A city is a
point there; how far it reaches is told from its population, or else the middle of a large city would belong to the
suburb whose town hall is nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from photofind.core.paths import resources

_EARTH_KM = 6371.0
_DEGREE_KM = 111.2
_FARTHEST_KM = 50.0
_SAME_PLACE = 100.0  # positions are rounded to hundredths of a degree, about a kilometre, and looked for once


@dataclass(frozen=True, slots=True)
class Place:
    """A city with its region, where that is known, and country, in English as far as GeoNames has it.

    ``other_names`` are more names of the city and the country, apart by spaces, that people may type.
    """

    city: str
    region: str | None
    country: str
    other_names: str = ""

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys(part for part in (self.city, self.region, self.country) if part))


class Gazetteer:
    """The cities of the world; get it by :meth:`load`, which reads the table once for all."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as table:
            self._positions = table["positions"].astype(np.float64) / 100.0
            self._radii = table["radii"].astype(np.float64) / 10.0
            self._countries, self._regions = table["countries"], table["regions"]
            self._names, self._others = _lines(table["names"]), _lines(table["others"])
            self._labels, self._aliases = _lines(table["labels"]), _lines(table["aliases"])

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Self:
        """Return the gazetteer that comes with the program."""
        return cls(resources() / "gazetteer.npz")

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """Return the place at a position (degrees, WGS 84), None when no city is within 50 km of it."""
        reach = _FARTHEST_KM / _DEGREE_KM
        first, end = np.searchsorted(self._positions[:, 0], (latitude - reach, latitude + reach))
        if first == end:
            return None
        distances = _kilometres(self._positions[first:end], latitude, longitude)
        best = int(np.argmin(np.where(distances <= _FARTHEST_KM, distances - self._radii[first:end], np.inf)))
        return self._place(first + best) if distances[best] <= _FARTHEST_KM else None

    def nearest_of(self, latitudes: npt.NDArray[np.float64], longitudes: npt.NDArray[np.float64]) -> list[Place | None]:
        """Return the place at each of many positions, shape (n,) each; those a kilometre apart may be taken as one."""
        rounded = np.round(np.stack([latitudes, longitudes], axis=1) * _SAME_PLACE) / _SAME_PLACE
        distinct, which = np.unique(rounded, axis=0, return_inverse=True)
        found = [self.nearest(float(latitude), float(longitude)) for latitude, longitude in distinct]
        return [found[number] for number in which.ravel().tolist()]

    def _place(self, number: int) -> Place:
        region, country = int(self._regions[number]), int(self._countries[number])
        others = " ".join(filter(None, (self._others[number], self._aliases[country])))
        return Place(self._names[number], self._labels[region] or None, self._labels[country], others)


def _kilometres(positions: npt.NDArray[np.float64], latitude: float, longitude: float) -> npt.NDArray[np.float64]:
    """Return the distance of each of (n, 2) positions along the globe (the haversine formula)."""
    latitudes, longitudes = np.radians(positions).T
    north, east = (latitudes - np.radians(latitude)) / 2, (longitudes - np.radians(longitude)) / 2
    chord = np.sin(north) ** 2 + np.cos(latitudes) * np.cos(np.radians(latitude)) * np.sin(east) ** 2
    distances: npt.NDArray[np.float64] = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return distances


def _lines(stored: npt.NDArray[np.uint8]) -> list[str]:
    return stored.tobytes().decode().split("\n")
