"""Names in a text, and which of them are one person."""

from hypothesis import given
from hypothesis import strategies as st

from quoth.names import mentions, named


def full_names(text: str) -> list[str]:
    return [" ".join(person.fullest.words) for person in named(text) if len(person.mentions)]


def test_titles_are_no_part_of_a_name() -> None:
    assert [m.words for m in mentions("Norvanian Prime Minister Ragnhild Estad met Dr. Obi.")] == [("Ragnhild", "Estad"), ("Obi",)]


def test_particles_initials_and_nicknames() -> None:
    text = "J. R. van der Lint, Thandeka “Spider” Mokwape and al-Rashid spoke."
    assert [m.span.slice(text) for m in mentions(text)] == ["J. R. van der Lint", "Thandeka “Spider” Mokwape", "al-Rashid"]


def test_a_possessive_is_no_part_of_a_name() -> None:
    text = "Ama Osei’s dog bit Lind's cat."
    assert [m.span.slice(text) for m in mentions(text)] == ["Ama Osei", "Lind"]


def test_a_surname_joins_its_full_name_wherever_that_stands() -> None:
    (person,) = named("Osei left. Later Ama Osei came back.")
    assert len(person.mentions) == 2 and person.fullest.words == ("Ama", "Osei")


def test_titles_of_another_gender_keep_people_apart() -> None:
    text = "Mr Osei left. Mrs Osei stayed."
    assert len([person for person in named(text) if person.fullest.words == ("Osei",)]) == 2


def test_given_names_that_differ_keep_people_apart() -> None:
    assert full_names("Ama Osei met Kofi Osei.") == ["Ama Osei", "Kofi Osei"]


def test_what_is_told_of_a_person() -> None:
    (person,) = [person for person in named("Ama Osei, who leads the union, spoke.") if person.fullest.words == ("Ama", "Osei")]
    assert {"leads", "union"} <= person.told


@given(st.text(alphabet=st.sampled_from("AaÄä Öo.,'’“”-\n1é🌧"), max_size=80))
def test_any_text(text: str) -> None:
    for mention in mentions(text):
        assert mention.words and mention.span.end <= len(text)
        assert all(word in text for word in mention.words)
