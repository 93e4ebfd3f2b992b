"""An archive of invented reports: those of examples/ and, in reports/, some that go on with their stories.

The same people later, the same words elsewhere, words in dispute.
"""

import datetime
from pathlib import Path

from quoth.archive import Archive
from quoth.archive.people_import import import_people
from quoth.archive.variants import find_variants
from quoth.pipeline import extract_article, extractor_name
from quoth.reading import read
from quoth.types import Article, Office, PartialDate, Person

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
REPORTS = Path(__file__).parent / "reports"


def _in_year(year: int) -> PartialDate:
    return PartialDate(first=datetime.date(year, 1, 1), precision="year")


PEOPLE = (
    Person(
        id="quill",
        name="Teodor Quill",
        aliases=("T. Quill",),
        offices=(
            Office(
                position="Member of the Assembly", country="Norvania", start=PartialDate(first=datetime.date(2014, 1, 1), precision="year")
            ),
            Office(
                position="Harbour minister",
                country="Norvania",
                start=PartialDate(first=datetime.date(2021, 5, 1), precision="month"),
                end=PartialDate(first=datetime.date(2025, 2, 1), precision="month"),
            ),
        ),
    ),
    Person(id="brandt", name="Oluwaseun Brandt", offices=(Office(position="Leader of the pilots' union"),)),
    Person(id="estad", name="Ragnhild Estad", offices=(Office(position="Prime minister", country="Norvania"),)),
    Person(id="cordovil", name="Beatriz Cordovil", offices=(Office(position="President", country="Delmara"),)),
    Person(id="aabel", name="Jens Aabel"),
    Person(id="solheim-day", name="Marit Solheim-Day"),
)
AT = datetime.datetime(2025, 1, 10, 8, tzinfo=datetime.UTC)


def make_archive(path: Path) -> None:
    """An archive of the examples and of these reports, extracted by the shipped model, with people and variants."""
    extractor = extractor_name()
    with Archive.open(path) as archive:
        for file in (*sorted(EXAMPLES.glob("*.txt")), *sorted(REPORTS.glob("*.txt"))):
            for article in read(file):
                if isinstance(article, Article):
                    archive.store(article, extract_article(article), extractor=extractor, at=AT)
        import_people(archive, PEOPLE, by="test", at=AT)
        find_variants(archive)
