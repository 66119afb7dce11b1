"""The words that dates are made of: months, seasons, feasts, units and numbers, in the keys of `splitting.key_of`.

English whole; of German, French and Spanish the names and the few words that cost a line each.
"""

from __future__ import annotations

from typing import Final

from photofind.core.words.stop_words import word_set

_MONTH_NAMES: Final = (
    "january jan januar janner janvier enero",
    "february feb februar fevrier febrero",
    "march mar marz mars marzo",
    "april apr avril abril",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet julio",
    "august aug aout agosto",
    "september sep sept septembre septiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez decembre diciembre",
)
MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

DOUBTFUL_MONTHS: Final = frozenset({"may", "march", "mar", "mars"})
"""Months that are words of other meanings: "march 3" alone is no date."""

_SEASON_NAMES: Final = {
    3: "spring fruhling fruhjahr printemps primavera",
    6: "summer sommer ete verano",
    9: "autumn fall herbst automne otono",
    12: "winter hiver invierno",
}
SEASONS: Final = {name: month for month, names in _SEASON_NAMES.items() for name in names.split()}
"""Season to its first month, on the northern half of the earth, by whole months as weather services count them (World
Meteorological Organization). The winter of a year begins in its December; "winter 2019/20" says so plainly."""

FEASTS: Final = {
    ("christmas",): "christmas",
    ("xmas",): "christmas",
    ("weihnachten",): "christmas",
    ("noel",): "christmas",
    ("navidad",): "christmas",
    ("christmas", "day"): "christmas day",
    ("christmas", "eve"): "christmas eve",
    ("xmas", "eve"): "christmas eve",
    ("heiligabend",): "christmas eve",
    ("new", "year", "eve"): "new year's eve",
    ("new", "years", "eve"): "new year's eve",
    ("silvester",): "new year's eve",
    ("new", "year"): "new year",
    ("new", "years"): "new year",
    ("new", "year", "day"): "new year's day",
    ("new", "years", "day"): "new year's day",
    ("easter",): "easter",
    ("ostern",): "easter",
    ("halloween",): "halloween",
    ("thanksgiving",): "thanksgiving",
    ("valentine", "day"): "valentine",
    ("valentines", "day"): "valentine",
}
LONGEST_FEAST: Final = max(map(len, FEASTS))

WEEKDAYS: Final = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}

_UNIT_NAMES: Final = {
    "day": "day days tag tage tagen",
    "week": "week weeks woche wochen",
    "month": "month months monat monate monaten",
    "year": "year years jahr jahre jahren",
}
UNITS: Final = {name: unit for unit, names in _UNIT_NAMES.items() for name in names.split()}

LAST: Final = word_set("last previous letzte letzten letzter letztes letztem")
PAST: Final = frozenset({"past", "last"})
THIS: Final = frozenset(["this", "diese", "diesen", "dieser", "dieses", "diesem"])
TODAY: Final = frozenset({"today", "heute", "hoy"})
YESTERDAY: Final = frozenset({"yesterday", "gestern", "ayer"})
BETWEEN_WORDS: Final = frozenset({"of", "de", "del", "the", "in"})
"""What may stand between a month or season and its year: "summer of 2019"."""

NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        ("a an one", "two couple", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        1,
    )
    for word in words.split()
}
_DECADE_NAMES: Final = "twenties thirties forties fifties sixties seventies eighties nineties"
DECADES: Final = {word: 10 * tens for tens, word in enumerate(_DECADE_NAMES.split(), 2)}

OWNERS: Final = word_set("his her their my your our its")
"""Behind these a decade is an age: "a man in his twenties"."""

NUMBERED: Final = word_set(
    "no nr number room route highway iso version model windows apollo boeing airbus flight bus gate studio area"
    " agent canon nikon sony rtx formula channel page bravo"
)
"""Before a number these make a name of it: "iso 1900"."""

COUNTED: Final = word_set(
    "people persons person men women children kids photos pictures images km m miles meters metres feet ft dollars"
    " euros usd eur pixels px mph kmh kg lbs steps years days hours meter metre mm cm watts times copies"
)
"""Behind a number these make an amount of it: "2000 people"."""

STARTING: Final = frozenset({"since", "seit", "depuis"})
ENDING: Final = frozenset({"until", "till", "til", "bis"})
JOINING: Final = frozenset({"to", "until", "till", "til", "through", "and", "bis", "-"})
LEADING: Final = word_set("in on at from during of around early mid late im am en")
"""Words that go with a date out of the free text; "early 2019" is taken for all of it."""
