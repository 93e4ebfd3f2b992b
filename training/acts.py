"""Silver labels for acts: speech, writing, thought, or no statement at all, where the words of an annotated attribution leave no doubt.

PolNeAR marks support, votes, feelings and what polls show as attributions too, and does not tell them apart from what was said. The
network learns the difference from those cues whose words settle it, in their context, and is asked about the others.
"""

from typing import Any

from quoth.acts import act, is_thought
from quoth.cues import clause_of, forms, words
from quoth.tagging import ACTS
from quoth.types import Attribution, Span

UNKNOWN = -100
"""The label of a cue that is not asked about."""
SAYING = forms(
    "say tell add announce argue claim comment complain declare deny explain insist mention mutter note quip recall remark repeat reply "
    "respond state stress suggest testify warn whisper shout joke admit acknowledge allege assert boast concede confirm contend emphasize "
    "emphasise exclaim predict pledge vow promise urge lament reiterate caution describe reveal disclose proclaim recount observe inform "
    "remind assure accuse criticize criticise denounce condemn blast slam apologise apologize talk speak question ask answer echo dub "
    "blame thank congratulate mock ridicule praise point demand propose recommend estimate speculate outline clarify"
) | words("said told quoth according spoke spoken")
"""Verbs that name speech whatever stands around them."""
NO_STATEMENT = forms(
    "support oppose back vote show seem appear look adopt approve pass hire nominate appoint sentence ratify ban block embrace ignore "
    "focus aim try attempt allow require prohibit restrict impose sue campaign dislike hate enjoy admire love resonate underscore "
    "illustrate demonstrate prove spark veto suspend negotiate overturn launch withdraw join like appeal measure divide favor favour "
    "reflect rattle upset anger alarm shock surprise outrage arrest convict jail fine sanction authorize authorise permit "
    "restrain fund finance sponsor build hold meet visit win lose play run sell buy invade kill boycott "
    "watch indict implement enforce repeal abolish enact elect lift extend cancel"
) | words(
    "supporter supporters opponent opponents opposition proponent proponents backer backers shown sought proud angry unhappy happy glad "
    "furious thrilled disappointed impressed startled scared divided supportive critical vocal favorite favourite drew won ran "
    "interest interested interests attention hostility enthusiasm admiration passion popularity anger outrage dismay vetoed"
)
"""Words of acts, attitudes, feelings and evidence that are no words and no beliefs; a quotation makes statements of them all the same."""


def silver_act(text: str, attribution: dict[str, Any], anchor: str) -> int:
    """The index into `ACTS` of an annotated attribution whose anchor word is given; UNKNOWN where its words do not settle it."""
    spans = {role: tuple(Span(start=low, end=high) for low, high in attribution[role]) for role in ("content", "cue", "source")}
    if not spans["content"] or not spans["cue"]:
        return UNKNOWN
    found = Attribution(
        content=spans["content"], cue=spans["cue"][0], source=next(iter(spans["source"]), None),
        kind=attribution["kind"], confidence=1.0, source_confidence=1.0,
    )  # fmt: skip
    word = anchor.lower()
    if word in NO_STATEMENT:
        return ACTS.index("none") if found.kind == "indirect" else UNKNOWN
    named = act(text, found)
    if named == "writing":
        return ACTS.index("writing")
    clause = clause_of(text, found)
    if named == "thought" and clause is not None and is_thought(clause):
        return ACTS.index("thought")
    return ACTS.index("speech") if word in SAYING else UNKNOWN
