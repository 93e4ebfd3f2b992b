"""What countries are called: their names, their adjectives, their codes of two letters (ISO 3166)."""

import re
from functools import lru_cache

from quoth.people.matching import ascii_of

_TABLE = """
af Afghanistan: afghan | al Albania: albanian | dz Algeria: algerian | ad Andorra: andorran | ao Angola: angolan
ar Argentina: argentine argentinian argentinean | am Armenia: armenian | au Australia: australian aussie | at Austria: austrian
az Azerbaijan: azerbaijani azeri | bs Bahamas: bahamian | bh Bahrain: bahraini | bd Bangladesh: bangladeshi | bb Barbados: barbadian
by Belarus: belarusian belarussian | be Belgium: belgian | bz Belize: belizean | bj Benin: beninese | bt Bhutan: bhutanese
bo Bolivia: bolivian | ba Bosnia and Herzegovina: bosnian, bosnia | bw Botswana: botswanan | br Brazil: brazilian | bn Brunei: bruneian
bg Bulgaria: bulgarian | bf Burkina Faso: burkinabe | bi Burundi: burundian | kh Cambodia: cambodian | cm Cameroon: cameroonian
ca Canada: canadian | cv Cape Verde: cape-verdean, cabo verde | cf Central African Republic: | td Chad: chadian | cl Chile: chilean
cn China: chinese, peoples republic of china | co Colombia: colombian | km Comoros: comorian | cg Republic of the Congo:
cd Democratic Republic of the Congo: , dr congo, drc | cr Costa Rica: costa-rican | ci Ivory Coast: ivorian, cote divoire
hr Croatia: croatian | cu Cuba: cuban | cy Cyprus: cypriot | cz Czechia: czech, czech republic | dk Denmark: danish
dj Djibouti: djiboutian | do Dominican Republic: | dm Dominica: | tl East Timor: timorese, timor leste | ec Ecuador: ecuadorian ecuadorean
eg Egypt: egyptian | sv El Salvador: salvadoran salvadorean | gq Equatorial Guinea: | er Eritrea: eritrean | ee Estonia: estonian
sz Eswatini: swazi, swaziland | et Ethiopia: ethiopian | fj Fiji: fijian | fi Finland: finnish | fr France: french, french republic
ga Gabon: gabonese | gm Gambia: gambian | ge Georgia: georgian | de Germany: german, federal republic of germany | gh Ghana: ghanaian
gr Greece: greek, hellenic republic | gd Grenada: grenadian | gt Guatemala: guatemalan | gn Guinea: guinean | gw Guinea Bissau:
gy Guyana: guyanese | ht Haiti: haitian | va Holy See: vatican, vatican city | hn Honduras: honduran | hu Hungary: hungarian
is Iceland: icelandic | in India: indian | id Indonesia: indonesian | ir Iran: iranian, islamic republic of iran | iq Iraq: iraqi
ie Ireland: irish, republic of ireland | il Israel: israeli | it Italy: italian | jm Jamaica: jamaican | jp Japan: japanese
jo Jordan: jordanian | kz Kazakhstan: kazakh kazakhstani | ke Kenya: kenyan | ki Kiribati: | kp North Korea: north-korean, dprk
kr South Korea: south-korean, republic of korea | xk Kosovo: kosovan kosovar | kw Kuwait: kuwaiti | kg Kyrgyzstan: kyrgyz
la Laos: lao laotian
lv Latvia: latvian | lb Lebanon: lebanese | ls Lesotho: | lr Liberia: liberian | ly Libya: libyan | li Liechtenstein:
lt Lithuania: lithuanian | lu Luxembourg: luxembourgish | mg Madagascar: malagasy | mw Malawi: malawian | my Malaysia: malaysian
mv Maldives: maldivian | ml Mali: malian | mt Malta: maltese | mh Marshall Islands: marshallese | mr Mauritania: mauritanian
mu Mauritius: mauritian | mx Mexico: mexican | fm Micronesia: , federated states of micronesia | md Moldova: moldovan | mc Monaco:
mn Mongolia: mongolian | me Montenegro: montenegrin | ma Morocco: moroccan | mz Mozambique: mozambican | mm Myanmar: burmese, burma
na Namibia: namibian | nr Nauru: nauruan | np Nepal: nepali nepalese | nl Netherlands: dutch, holland | nz New Zealand: new-zealand
ni Nicaragua: nicaraguan | ne Niger: nigerien | ng Nigeria: nigerian | mk North Macedonia: macedonian, macedonia | no Norway: norwegian
om Oman: omani | pk Pakistan: pakistani | pw Palau: palauan | ps Palestine: palestinian, state of palestine | pa Panama: panamanian
pg Papua New Guinea: | py Paraguay: paraguayan | pe Peru: peruvian | ph Philippines: philippine filipino | pl Poland: polish
pt Portugal: portuguese | qa Qatar: qatari | ro Romania: romanian | ru Russia: russian, russian federation | rw Rwanda: rwandan
kn Saint Kitts and Nevis: | lc Saint Lucia: | vc Saint Vincent and the Grenadines: | ws Samoa: samoan | sm San Marino:
st Sao Tome and Principe: | sa Saudi Arabia: saudi saudi-arabian | sn Senegal: senegalese | rs Serbia: serbian | sc Seychelles: seychellois
sl Sierra Leone: sierra-leonean | sg Singapore: singaporean | sk Slovakia: slovak slovakian | si Slovenia: slovenian slovene
sb Solomon Islands: | so Somalia: somali | za South Africa: south-african | ss South Sudan: south-sudanese | es Spain: spanish
lk Sri Lanka: sri-lankan | sd Sudan: sudanese | sr Suriname: surinamese | se Sweden: swedish | ch Switzerland: swiss, swiss confederation
sy Syria: syrian | tw Taiwan: taiwanese | tj Tajikistan: tajik | tz Tanzania: tanzanian | th Thailand: thai | tg Togo: togolese
to Tonga: tongan | tt Trinidad and Tobago: trinidadian | tn Tunisia: tunisian | tr Turkey: turkish, turkiye | tm Turkmenistan: turkmen
tv Tuvalu: tuvaluan | ug Uganda: ugandan | ua Ukraine: ukrainian | ae United Arab Emirates: emirati, uae
gb United Kingdom: british, britain, great britain, uk
us United States: american, united states of america, us, usa, america
uy Uruguay: uruguayan | uz Uzbekistan: uzbek | vu Vanuatu: | ve Venezuela: venezuelan | vn Vietnam: vietnamese | ye Yemen: yemeni
zm Zambia: zambian | zw Zimbabwe: zimbabwean | eu European Union: , eu
"""
_LINE = re.compile(r"(?P<code>[a-z]{2}) (?P<name>[^:]+):(?P<adjectives>[^,]*)(?:,(?P<others>.*))?")


def _read_table() -> tuple[dict[str, str], dict[str, str]]:
    """What every name and adjective, and what every code, stands for."""
    called: dict[str, str] = {}
    codes: dict[str, str] = {}
    for cell in re.split(r"\s*[|\n]\s*", _TABLE.strip()):
        row = _LINE.fullmatch(cell)
        assert row is not None, cell
        name = _plain(row["name"])
        codes[row["code"]] = name
        adjectives = [adjective.replace("-", " ") for adjective in row["adjectives"].split()]
        called |= dict.fromkeys((name, *adjectives, *(other.strip() for other in (row["others"] or "").split(","))), name)
    called.pop("", None)
    return called, codes


def _plain(name: str) -> str:
    """A name in plain letters, words apart, without "the", brackets or a turned order ("Korea, South")."""
    name = re.sub(r"\s*\([^)]*\)", "", name)
    name = re.sub(r"^([^,]+), ([^,]+)$", r"\2 \1", name.strip())
    words = re.findall(r"[a-z]+", re.sub(r"['’.]", "", ascii_of(name)))
    return " ".join(words[1:] if words[:1] == ["the"] else words)


@lru_cache(maxsize=8192)
def country_key(name: str) -> str:
    """One name for what a country is called in tables and reports; another place is called what it is.

    >>> country_key("Korea, South"), country_key("British"), country_key("Norvania")
    ('south korea', 'united kingdom', 'norvania')
    """
    plain = _plain(name)
    return CALLED.get(plain, plain)


def country_of_code(written: str) -> str:
    """The country that a code of two letters means; what is no code stays as it is.

    >>> country_of_code("ru"), country_of_code("Norvania")
    ('russia', 'Norvania')
    """
    return CODES.get(written.lower(), written)


def is_country(name: str) -> bool:
    """Whether it is a name or an adjective of a country of this table.

    >>> is_country("Turkish"), is_country("Norvanian")
    (True, False)
    """
    return _plain(name) in CALLED


CALLED, CODES = _read_table()
