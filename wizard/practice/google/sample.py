"""The sample people: seeded, the same every time, and ugly on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

__all__ = [
    "ADMIN",
    "CUSTOMER",
    "DEPUTY",
    "DOMAIN",
    "ORDINARY",
    "OTHER_ADMIN",
    "OTHER_CUSTOMER",
    "OTHER_DOMAIN",
    "SECOND_ADMIN",
    "SECOND_DOMAIN",
    "UNITS",
    "Person",
    "Unit",
    "mix",
    "other_people",
    "people",
    "person_id",
]

CUSTOMER = "C0nordby1"
DOMAIN = "nordby.example"
SECOND_DOMAIN = "nordby-freight.example"
OTHER_CUSTOMER = "C0fjord29"
OTHER_DOMAIN = "fjordline.example"
ADMIN = f"tomasz.wilk@{DOMAIN}"
ORDINARY = f"kari.nilsen@{DOMAIN}"
DEPUTY = f"deputy.admin@{DOMAIN}"
SECOND_ADMIN = f"lukasz.nowak@{SECOND_DOMAIN}"
OTHER_ADMIN = f"ada.berg@{OTHER_DOMAIN}"
_EPOCH = datetime(2019, 3, 4, 8, 0, tzinfo=UTC)
_MASK = (1 << 64) - 1


@dataclass(frozen=True, kw_only=True)
class Unit:
    """An organizational unit; `key` is what the sample calls it."""

    key: str
    path: str
    description: str = ""


UNITS = (
    Unit(key="root", path="/"),
    Unit(key="office", path="/Head Office"),
    Unit(key="finance", path="/Head Office/Finance & IT"),
    Unit(key="people", path="/Head Office/People"),
    Unit(key="sales", path="/Sales"),
    Unit(key="north", path="/Sales/North"),
    Unit(key="south", path="/Sales/South"),
    Unit(key="operations", path="/Operations"),
    Unit(key="customs", path="/Operations/Customs"),
    Unit(key="fleet", path="/Operations/Fleet"),
    Unit(key="terminals", path="/Operations/Terminals"),
    Unit(key="moss", path="/Operations/Terminals/Moss"),
    Unit(key="night", path="/Operations/Terminals/Moss/Night shift"),
    Unit(key="gate", path="/Operations/Terminals/Moss/Night shift/Gate 4", description="Deep"),
    Unit(key="contractors", path="/Contractors"),
    Unit(key="empty", path="/Øvelse – tom enhet", description="Nobody is in here"),
)
_UNIT_KEYS = tuple(unit.key for unit in UNITS if unit.key not in {"root", "empty"})


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as the directory knows them; `unit` is a unit's key."""

    number: int
    address: str
    given: str
    family: str
    unit: str = "office"
    suspended: bool = False
    archived: bool = False
    admin: bool = False
    delegated: bool = False
    deleted: bool = False
    aliases: tuple[str, ...] = field(default=())

    @property
    def created(self) -> datetime:
        """When the directory made the person."""
        return _EPOCH + timedelta(minutes=self.number % 1_900_000)


def mix(seed: int, number: int) -> int:
    """64 well-spread bits for a seed and a number (SplitMix64)."""
    value = (seed * 0x9E3779B97F4A7C15 + (number + 1) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def person_id(seed: int, number: int) -> str:
    """A directory id of 21 digits, never the same for two numbers, growing with them."""
    spread = mix(seed, number) % 1_000_000
    return str(100_000_000_000_000_000_000 + number * 7_000_000_003 + spread)


_LONG = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley-Marjoribanks"


def _characters() -> list[Person]:
    """The people that every sample has, the most telling first."""
    rows: list[tuple[str, str, str, str]] = [
        (ADMIN, "Tomasz", "Wilk", "finance"),
        (ORDINARY, "Kari", "Nilsen", "sales"),
        (f"owner@{DOMAIN}", "Ingrid", "Solberg", "people"),
        (f"liv.aas@{DOMAIN}", "Liv", "Aas", "north"),
        (f"samuel.okoro@{DOMAIN}", "Samuel", "Okoro", "customs"),
        (f"old.archive@{DOMAIN}", "Olga", "Arkhipova", "office"),
        (f"frontdesk@{DOMAIN}", "", "", "office"),
        (f"yuki.tanaka@{DOMAIN}", "由紀", "田中", "customs"),
        (f"niamh.oneill@{DOMAIN}", "Niamh", "O’Neill", "sales"),
        (f"Robert.McTavish@{DOMAIN}", "Robert", "McTavish", "fleet"),
        (f"sean.o'hara@{DOMAIN}", "Seán", "O'Hara", "fleet"),
        (f"lise.haugen@{DOMAIN}", "Lise", "Haugen", "sales"),
        (f"sami.alhaddad@{DOMAIN}", "سامي", "الحداد", "south"),
        (f"a.wolfe@{DOMAIN}", "Adolph Blaine Charles David Earl Frederick Gerald", _LONG, "moss"),
        (f"mononym@{DOMAIN}", "Suharto", "", "terminals"),
        (f"lukasz.nowak@{SECOND_DOMAIN}", "Łukasz", "Nowak", "fleet"),
        (f"returning@{DOMAIN}", "Marta", "Hagen", "people"),
        (f"amira.benali@{DOMAIN}", "Amira", "Benali", "moss"),
        (f"gate.four@{DOMAIN}", "Nils", "Moen", "gate"),
        (f"deputy.admin@{DOMAIN}", "Petra", "Dahl", "finance"),
        (f"jose.da-silva@{DOMAIN}", "José", "da Silva", "south"),
        (f"x@{SECOND_DOMAIN}", "X Æ", "Å", "contractors"),
        (f"zero.width@{DOMAIN}", "Zoë\u200d", "  Spaces ", "north"),
        (f"anna.maria.lindqvist+desk@{DOMAIN}", "Anna-Maria", "Lindqvist", "people"),
        (f"html@{DOMAIN}", "<b>Bob</b>", '& "Tables"; --', "north"),
        (f"suspended.contractor@{SECOND_DOMAIN}", "Gone", "Fornow", "contractors"),
    ]
    suspended = {f"samuel.okoro@{DOMAIN}", f"suspended.contractor@{SECOND_DOMAIN}"}
    aliases = {
        f"lise.haugen@{DOMAIN}": (f"lise.bakke@{DOMAIN}", f"l.haugen@{SECOND_DOMAIN}"),
        f"owner@{DOMAIN}": (f"ingrid.solberg@{DOMAIN}",),
    }
    return [
        Person(
            number=number,
            address=address,
            given=given,
            family=family,
            unit=unit,
            suspended=address in suspended,
            archived=address.startswith("old.archive"),
            admin=address in {ADMIN, SECOND_ADMIN},
            delegated=address == DEPUTY,
            aliases=aliases.get(address, ()),
        )
        for number, (address, given, family, unit) in enumerate(rows)
    ]


_GIVEN = (
    ("Anne", "anne"),
    ("Bjørn", "bjorn"),
    ("Chloé", "chloe"),
    ("Dmitri", "dmitri"),
    ("Elif", "elif"),
    ("Fatima", "fatima"),
    ("Giulia", "giulia"),
    ("Henrik", "henrik"),
    ("Ivana", "ivana"),
    ("Jonas", "jonas"),
    ("Kofi", "kofi"),
    ("Leïla", "leila"),
    ("Magnus", "magnus"),
    ("Nadia", "nadia"),
    ("Oskar", "oskar"),
    ("Priya", "priya"),
    ("Quentin", "quentin"),
    ("Ruth", "ruth"),
    ("Søren", "soren"),
    ("Tariq", "tariq"),
    ("Ulrike", "ulrike"),
    ("Vera", "vera"),
    ("Wei", "wei"),
    ("Ximena", "ximena"),
    ("Yara", "yara"),
    ("Zoltán", "zoltan"),
    ("Олена", "olena"),
    ("健太", "kenta"),
    ("Ελένη", "eleni"),
    ("דנה", "dana"),
    ("สมชาย", "somchai"),
)
_FAMILY = (
    ("Aker", "aker"), ("Bakke", "bakke"), ("Conti", "conti"), ("Dalen", "dalen"),
    ("Ekeberg", "ekeberg"), ("Fjeld", "fjeld"), ("García", "garcia"), ("Hansen", "hansen"),
    ("Iversen", "iversen"), ("Jansson", "jansson"), ("Kowalczyk", "kowalczyk"),
    ("Lund", "lund"), ("Müller", "muller"), ("Ng", "ng"), ("Østby", "ostby"),
    ("Petrović", "petrovic"), ("Quist", "quist"), ("Rahman", "rahman"), ("Strand", "strand"),
    ("Toivonen", "toivonen"), ("Uddin", "uddin"), ("Vik", "vik"), ("Weiß", "weiss"),
    ("Xu", "xu"), ("Ytterdal", "ytterdal"), ("Żak", "zak"), ("Шевченко", "shevchenko"),
    ("佐藤", "sato"), ("Παππάς", "pappas"),
)  # fmt: skip
_PAIRS = len(_GIVEN) * len(_FAMILY)


def _drawn(seed: int, number: int, order: int) -> Person:
    """Somebody like many others. `order` counts them from 0, so that addresses differ."""
    bits = mix(seed, number)
    # 7919 is prime and so shares no factor with the number of pairs: each pair comes in turn.
    pair, again = (order * 7919 + seed) % _PAIRS, order // _PAIRS
    given, given_login = _GIVEN[pair % len(_GIVEN)]
    family, family_login = _FAMILY[pair // len(_GIVEN)]
    number_mark = str(again + 1) if again else ""
    login = f"{given_login}.{family_login}{number_mark}"
    if bits % 37 == 0:
        login = login.title()
    domain = SECOND_DOMAIN if bits % 11 == 0 else DOMAIN
    fate = (bits >> 20) % 100
    return Person(
        number=number,
        address=f"{login}@{domain}",
        given=given,
        family=family,
        unit=_UNIT_KEYS[(bits >> 8) % len(_UNIT_KEYS)],
        suspended=fate < 3,
        archived=fate == 3,
        aliases=(f"{family_login}.{given_login}{number_mark}@{domain}",) if fate > 90 else (),
    )


def people(count: int, seed: int) -> Iterator[Person]:
    """So many people who are not deleted, one at a time, then the deleted ones."""
    characters = _characters()
    for number in range(count):
        if number < len(characters):
            yield characters[number]
        else:
            yield _drawn(seed, number, number - len(characters))
    for offset, address in enumerate(
        (f"returning@{DOMAIN}", f"left.last.week@{DOMAIN}", f"left.too@{SECOND_DOMAIN}")
    ):
        # The first deleted person's address belongs to somebody else by now.
        yield Person(number=count + offset, address=address, given="", family="", deleted=True)


def other_people(count: int = 12) -> Iterator[Person]:
    """The people of the other customer; numbers far from ours."""
    first = 900_000_000
    yield Person(number=first, address=OTHER_ADMIN, given="Ada", family="Berg", admin=True)
    for order in range(1, count):
        given, login = _GIVEN[order]
        yield Person(
            number=first + order,
            address=f"{login}@{OTHER_DOMAIN}",
            given=given,
            family="Fjord",
            suspended=order == count - 1,
        )
