"""The words that tell whose a time is: those that take it for another verb, and those that belong to the occasion of speaking.

A time stands with the nearest verb. So whatever opens another clause between a cue and a time takes the time away, unless that other verb
is itself what a speaker does while he speaks ("speaking in Lind on Monday") or tells when the words appeared ("published on Monday").
"""

import re

SPEAKING = (
    "speaking|talking|addressing|writing|testifying|appearing|briefing|announcing|presenting|launching|unveiling|opening|answering|giving|"
    "responding|reacting|commenting|delivering|introducing|posting|debating|arriving|standing|visiting|campaigning|touring|attending|leaving"
)
"""What a speaker does on the occasion of speaking."""
PUBLISHED = (
    "dated|published|released|issued|posted|printed|aired|broadcast|recorded|filed|delivered|submitted|circulated|shared|signed|uploaded|"
    "televised|streamed|conducted|convened|organised|organized|hosted|attended|crowded|packed"
)
"""Past participles that tell when words were said, or that belong to the occasion."""
IRREGULAR = (
    "shot|born|left|lost|struck|caught|begun|began|built|sold|stolen|came|went|took|flew|fell|won|died|killed|due|set|rose|ran|broke|drew|"
    "found|gave|grew|hit|kept|knew|lay|met|paid|quit|rode|sank|sat|saw|shut|slept|spent|stood|stole|taught|threw|wore|withdrew|"
    "brought|bought|burnt|chose|drove|taken|fled|forgot|fought|hid|sunk|thrown|driven|beaten|stung|swept|swore|tore|woke|became|got|had"
)
"""Past forms without "-ed": the commonest of a closed class."""
OTHER_VERB = re.compile(
    r"[;:?!]|\b(?:who|whom|whose|which|that|where|when|while|because|since|if|although|though|but|until|whether"
    r"|(?<!such )(?<!well )as(?! well\b)|(?<!more )(?<!less )(?<!fewer )(?<!rather )than"
    r"|(?<!estifying )(?<!estified )(?<!ppearing )(?<!ppeared )(?<!peaking )(?<!poke )before"
    r"|was|were|is|are|be|been|being|has|have|will|would|could|should|may|might|must|did|does"
    rf"|{IRREGULAR})\b"
    rf"|\b(?!(?:{PUBLISHED})\b)(?!\w*eed\b)\w+ed(?:$|[ ](?=(?:on|in|at|by|from|for|after|over|to|late|early|with)\b|$))"
    rf"|(?:,|\b(?:of|for|about|by|from|after|since|despite|without|upon)\b)[ ]"
    rf"(?!(?:{SPEAKING}|during|following|including|regarding)\b)[a-z]+ing\b(?![ ](?:on|in)?$)"
    r"|\b(?:and|but)$|\band[ ](?=\w+ed\b)|,[ ][a-z]+[^s\W]s$",
)
"""Between a cue and a time expression: the time belongs to another verb. The last form is a present tense: ", opens on Friday"."""
MEETING = re.compile(
    r"\b(?:spoke|speaking|interviewed|talked|sat down|addressed|testified|caught up with|gave evidence|appeared (?:on|before|at)"
    r"|(?:answered|faced|took) questions|[Ww]e met"
    r"|(?:met|faced|briefed) (?:with )?(?:us|me|her|him|them|reporters|journalists|the press|the media|this newspaper|supporters|voters))\b"
)
"""What somebody does who then speaks: the words that follow were said there."""
