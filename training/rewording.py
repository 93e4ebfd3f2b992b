"""Reports in other words: rarer cues, other people's names, quotations behind their cue; the attributions go along.

Most cues of PolNeAR are forms of "say", and a handful of people speak in most of its reports. A reader of other news meets "shot back",
"let slip" and names from everywhere. Words are replaced where that keeps the labels (Feng et al. 2021, "A Survey of Data Augmentation
Approaches for NLP").
"""

import random
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from quoth.names.lexicon import HE_NAMES, SHE_NAMES
from quoth.tagging import ROLES
from training.data import Report

Edit = tuple[int, int, str]
"""Start, end and the new words of a stretch of the text."""

SPOKEN = (
    "shot back|chorused|quipped|joked|replied|snapped|muttered|sighed|recalled|observed|remarked|mused|warned|conceded|countered|"
    "boasted|lamented|went on|put in|chimed in|fired back|hit back|yelled|shouted|whispered|growled|declared|insisted|protested|"
    "admitted|explained|wrote|tweeted|posted|cried|laughed|retorted|answered|concluded|continued|began|thundered|testified|"
    "exclaimed|pleaded|promised|vowed|announced|commented|repeated|asked|wondered|"
    "responded|complained|offered|ventured|stated"
).split("|")
"""Cues for words in quotation marks."""
TOLD = (
    "maintained|let slip|retorted|insisted|conceded|swore|vowed|pointed out|reckoned|warned|joked|forecast|predicted|certified|"
    "pronounced|argued|let it be known|made clear|testified|cautioned|claimed|alleged|contended|asserted|disclosed|revealed|"
    "confirmed|acknowledged|admitted|wrote|estimated|calculated|complained|recalled|explained|stressed|emphasised|boasted|hinted|"
    "signalled|suggested|promised|pledged|ruled|found|"
    "declared|denied|stated|submitted"
).split("|")
"""Cues for reported words."""
PLAIN = re.compile(r"said|says", re.IGNORECASE)
SURNAMES = """
    Abara Achterberg Adeyemi Aldana Almqvist Andrássy Anquetil Arslan Bagrationi Banerjee Barzani Bergström Bhattarai Bielak
    Boateng Bondarenko Brancati Bukhari Cabral Castellanos Chaudhry Chikwanha Corrigan Daudov Demirel Dhillon Dlamini Dombrovskis
    Duarte Eriksen Fairweather Farrugia Ferreira Fitzwalter Gallego Ganbold Gebreselassie Ghorbani Goldblatt Grzybowski
    Gunnarsson Haddad Hakimi Halloran Hamdan Hashimoto Hollingworth Horvat Ibarrola Idowu Ivanenko Jacobsen Jaskulska Jónsdóttir
    Kagame-Reid Kamara Karimov Kaunda Kavanagh Kimathi Kiplagat Kobayashi Kolarov Kowalczyk Kruger Kumaran Laforge Lazarević
    Lefèvre Lindqvist Lungu Macready Maguire Mahlangu Makinen Malhotra Marchetti Mbeki-Stone Mendieta Mihăilescu Moreau Mukherjee
    Mwangi Nakamura Ndiaye Nguyen Nieminen Novotná Nwosu O’Dowd O’Hanlon Obradović Odhiambo Okonjo Olofsson Onyango Ortúzar Osei
    Pappas Paterson-Hale Pereira Petrosyan Pham Popescu Quintero Rahimi Ramaswamy Rasmussen Rautio Rinaldi Rosenthal Sadowski
    Salazar Sandoval Santoro Schreiber Sepúlveda Shimizu Sivakumar Skarsgard Solberg Soriano Strand Szabó Takahashi Talwar Tekle
    Thorvaldsen Tillotson Tsvetkov Uzoma Vandermeer Vasquez Verhoeven Vukić Wadham Wang Weatherby Wójcik Yamaguchi Yilmaz Zabala
    Zeeman Zhang Zielinski Zubiri Žižka van_Aswegen van_der_Burgh de_la_Fuente al-Masri el-Sayed bin_Rashid
""".split()
NAME = re.compile(r"[A-Z][a-z]+")


def replaced(report: Report, edits: Sequence[Edit]) -> Report:
    """The report with stretches of its text replaced; edits do not overlap, and no span may begin or end inside one."""
    pieces, moves, last, grown = [], [], 0, 0
    text = report["text"]
    for start, end, words in sorted(edits):
        pieces += [text[last:start], words]
        grown += len(words) - (end - start)
        moves.append((end, grown))
        last = end

    def moved(place: int) -> int:
        return place + next((growth for end, growth in reversed(moves) if end <= place), 0)

    attributions = [
        attribution | {role: [[moved(start), moved(end)] for start, end in attribution[role]] for role in ROLES}
        for attribution in report["attributions"]
    ]
    return report | {"text": "".join([*pieces, text[last:]]), "attributions": attributions}


def reworded(report: Report, rng: random.Random) -> Report:
    """The report with other names, with a third of its plain cues in rarer words and some quotations behind their cue."""
    for change in (_fronted, _renamed, _recued):
        report = change(report, rng)
    return report


def _recued(report: Report, rng: random.Random) -> Report:
    """A third of the cues that are just "said" or "says" in rarer words."""
    edits: dict[int, Edit] = {}
    for attribution in report["attributions"]:
        if len(attribution["cue"]) != 1 or rng.random() > 0.33:
            continue
        ((start, end),) = attribution["cue"]
        if PLAIN.fullmatch(report["text"][start:end]):
            edits[start] = (start, end, rng.choice(TOLD if attribution["kind"] == "indirect" else SPOKEN))
    return replaced(report, _unshared(report, list(edits.values())))


def _renamed(report: Report, rng: random.Random) -> Report:
    """Everybody whose given and family name stand in a source gets others, throughout."""
    text = report["text"]
    given: dict[str, str] = {}
    family: dict[str, str] = {}
    for attribution in report["attributions"]:
        for start, end in attribution["source"]:
            words = text[start:end].split()
            for first, second in pairwise(words):
                second = second.rstrip(",")
                if NAME.fullmatch(first) and NAME.fullmatch(second) and (kin := _kin(first)):
                    given.setdefault(first, rng.choice(kin).title())
                    family.setdefault(second, _surname(rng))
    names = given | family
    if not names:
        return report
    edits = [
        (found.start(), found.end(), names[found.group()]) for found in re.finditer(r"\b[A-Z][a-z]+\b", text) if found.group() in names
    ]
    return replaced(report, _unshared(report, edits))


def _kin(given: str) -> list[str]:
    """Given names of the same gender; none where it is no given name."""
    return next((sorted(names) for names in (HE_NAMES, SHE_NAMES) if given.lower() in names), [])


def _surname(rng: random.Random) -> str:
    name = rng.choice(SURNAMES).replace("_", " ")
    return f"{name}-{rng.choice(SURNAMES).split('_')[-1]}" if "-" not in name and rng.random() < 0.15 else name


def _fronted(report: Report, rng: random.Random) -> Report:
    """A third of the quotations before "SOURCE said." put behind it: `SOURCE said: “…”`."""
    for number in sorted(range(len(report["attributions"])), key=lambda number: -report["attributions"][number]["content"][0][0]):
        if rng.random() < 0.33:
            report = _turned(report, number, rng.choice((",", ",", ":")))
    return report


def _turned(report: Report, number: int, mark: str) -> Report:
    """The report with one sentence `“X,” SOURCE said.` as `SOURCE said, “X.”`; the same where it is no such sentence."""
    text, attribution = report["text"], report["attributions"][number]
    if not (len(attribution["source"]) == len(attribution["cue"]) == 1):
        return report
    (start, quoted), ((source, source_end),), ((cue, cue_end),) = attribution["content"][0], attribution["source"], attribution["cue"]
    said = (text[source:source_end], text[cue:cue_end])
    quotation, behind = text[start:quoted], text[quoted : max(source_end, cue_end) + 1]
    end = quoted + len(behind)
    plain = behind in (f" {said[0]} {said[1]}.", f" {said[1]} {said[0]}.") and re.fullmatch(r'[“"].{5,},[”"]', quotation)
    if not plain or _meets(report["attributions"], number, start, end):
        return report
    before = f"{said[0][0].upper()}{said[0][1:]} {said[1]}{mark} "
    report = replaced(report, [(start, end, f"{before}{quotation[:-2]}.{quotation[-1]}")])
    cue, content = start + len(said[0]) + 1, start + len(before)
    moved = report["attributions"][number]
    moved |= {"source": [[start, cue - 1]], "cue": [[cue, cue + len(said[1])]]}
    moved["content"] = [[content, content + len(quotation)], *moved["content"][1:]]
    return report


def _meets(attributions: Sequence[dict[str, Any]], number: int, start: int, end: int) -> bool:
    """Whether another attribution has a part in a stretch."""
    others = (attribution for place, attribution in enumerate(attributions) if place != number)
    return any(low < end and start < high for other in others for role in ROLES for low, high in other[role])


def _unshared(report: Report, edits: Sequence[Edit]) -> list[Edit]:
    """The edits in whose inside no span begins or ends."""
    edges = {edge for attribution in report["attributions"] for role in ROLES for span in attribution[role] for edge in span}
    return [edit for edit in edits if not any(place in edges for place in range(edit[0] + 1, edit[1]))]
