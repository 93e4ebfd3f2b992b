"""Names in a text, and which of them are one person."""

from hypothesis import given
from hypothesis import strategies as st

from quoth.names import Named, named
from quoth.names.mentions import acronyms, headline_lines, mentions


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


def bearer(text: str, name: str) -> Named:
    return next(person for person in named(text) if person.fullest.span.slice(text) == name)


def test_a_bare_surname_is_whoever_was_named_often_and_lately() -> None:
    text = "Ama Osei won. Osei sang. Osei left. Her brother, Kofi Osei, stayed. Osei wept."
    assert len(bearer(text, "Ama Osei").mentions) == 4


def test_an_honorific_picks_the_bearer_of_its_gender() -> None:
    text = "Ama Osei and Kofi Osei left. Mrs Osei sang. Mr Osei wept."
    assert len(bearer(text, "Ama Osei").mentions) == len(bearer(text, "Kofi Osei").mentions) == 2


def test_acronyms_join_what_they_stand_for() -> None:
    text = "The National Seismic Centre (NSC) and Grant and Sons Company (GS&C) spoke. NSC left. GS&C stayed."
    assert [full.slice(text) for full, _ in acronyms(text)] == ["National Seismic Centre", "Grant and Sons Company"]
    assert len(bearer(text, "National Seismic Centre").mentions) == 3


def test_a_headline_makes_no_full_name() -> None:
    text = "Osei Wins Harbour Vote\n\nAma Osei won. Osei sang."
    assert [line.slice(text) for line in headline_lines(text)] == ["Osei Wins Harbour Vote"]
    assert len(bearer(text, "Ama Osei").mentions) == 3


def test_adjectives_of_places_and_words_that_open_sentences_are_no_names() -> None:
    text = "Walking home was slow. The Norvanian minister left Norvania."
    assert [m.span.slice(text) for m in mentions(text)] == ["Norvania"]


def test_ages_and_genders_are_told() -> None:
    text = "The 61-year-old spokeswoman Kestutis Vail met Beatriz Cordo, 38, and Mr Lind."
    vail, cordo, lind = named(text)
    assert (vail.gender, cordo.gender, lind.gender) == ("she", "she", "he")
    assert (vail.ages, cordo.ages, lind.ages) == ({61}, {38}, set())


def test_a_deputy_governor_is_no_governor() -> None:
    person = bearer("Deputy Governor Oleg Klim spoke.", "Oleg Klim")
    assert "deputy-governor" in person.told and "governor" not in person.told


@given(st.text(alphabet=st.sampled_from("AaÄä Öo.,'’“”-\n1é🌧"), max_size=80))
def test_any_text(text: str) -> None:
    for mention in mentions(text):
        assert mention.words and mention.span.end <= len(text)
        assert all(word in text for word in mention.words)


def test_a_prime_ministers_title_is_two_words() -> None:
    text = "On Monday Prime Minister Osei left."
    (mention,) = [mention for mention in mentions(text) if mention.words == ("Osei",)]
    assert text[mention.titled : mention.span.end] == "Prime Minister Osei"


def test_a_given_name_that_is_another_word() -> None:
    text = "Will Adair said so. Will King agreed. May Lind was late. Last May Osei left. Will Brandt resign? He met Jan Ruud in May."
    assert [m.span.slice(text) for m in mentions(text)] == [
        "Will Adair",
        "Will King",
        "May Lind",
        "Osei",
        "Brandt",
        "Jan Ruud",
    ]


def test_an_occupation_that_opens_a_sentence_is_no_part_of_a_name() -> None:
    assert full_names("Novelist Mara Venn wept. Baker Street was wet.") == ["Mara Venn", "Baker Street"]


def test_a_body_keeps_the_town_it_begins_with() -> None:
    text = "It was heard at Ostby Crown Court. In Ostby it rained."
    assert mentions(text)[0].span.slice(text) == "Ostby Crown Court"


def test_letters_behind_a_name_are_no_part_of_it() -> None:
    assert full_names("Helen Marsh KC met Coun Mair Ellis and Ada Osei MP.") == ["Helen Marsh", "Mair Ellis", "Ada Osei"]
