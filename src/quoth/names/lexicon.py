"""Facts about English words that names and descriptions are made of: titles, offices, bodies, gendered nouns, given names.

Closed tables, all in lower case; no person, place or body of any report is named in them. A word may stand in several.
"""

from functools import lru_cache
from typing import Literal

Gender = Literal["he", "she"]


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


SHE_TITLES = _words("""mrs ms miss mme madam madame lady dame queen princess baroness duchess sister countess empress señora frau""")
HE_TITLES = _words("mr messrs sir lord king prince baron duke father brother fr count emperor señor herr")
HONORIFICS = SHE_TITLES | HE_TITLES | _words("mx dr prof professor rev reverend hon cllr coun")
OFFICES = _words(
    """president vice prime minister ministers premier chancellor secretary senator sen sens rep reps representative congressman
    congresswoman governor gov mayor judge justice general gen colonel col major maj captain capt lieutenant lt sergeant sgt corporal
    cpl private pte admiral commodore commander cmdr brigadier brig marshal chief chairman chairwoman chairperson chair co-chair
    director officer executive spokesman spokeswoman spokesperson attorney lawyer solicitor barrister ambassador envoy deputy
    assistant associate former acting interim commissioner superintendent supt inspector insp detective det constable pc sheriff
    archbishop bishop cardinal pope rabbi imam pastor canon dean vicar deacon councillor councilman councilwoman alderman mp mep md
    msp ceo cfo coo cto founder coach manager head leader striker midfielder defender goalkeeper winger batsman bowler umpire referee
    editor reporter correspondent journalist analyst economist scientist researcher author historian actor actress singer writer poet
    engineer farmer organiser organizer campaigner activist resident prosecutor defense defence foreign finance interior health
    education environment transport energy trade labour labor treasury housing culture agriculture home state first second third
    undersecretary under-secretary emir sultan sheikh crown saint st lead senior junior principal headteacher headmaster headmistress
    warden curator whip speaker delegate nominee candidate harbourmaster skipper chef nurse surgeon staff grandmaster emergency emergencies
    regional national special permanent minority majority opposition shadow provost coroner ombudsman paramedic astronaut pilot
    teacher monsignor abbot abbess producer conductor composer choreographer photographer architect physicist chemist biologist
    astronomer psychologist democrat republican conservative liberal witness driver trustee auditor president-elect vice-president
    vice-chancellor secretary-general attorney-general fire police"""
)
TITLES = HONORIFICS | OFFICES
"""Words that may stand before a name and are no part of it."""
PREFIXES = ("ex-", "co-", "vice-", "deputy-", "under-", "sub-", "surgeon-", "lieutenant-", "major-", "sergeant-", "rear-", "acting-")
"""What makes a title of the capitalised word before a name."""
LESSER = _words("deputy vice assistant associate under co former ex outgoing late then-")
"""Before an office they make another one of it."""
FORMER = _words("former ex outgoing late retired one-time onetime previous")

BODIES = _words(
    """ministry department council committee commission university college school party inc corp ltd plc llc ag gmbh sa as nv bank agency
    authority association society institute institution union federation confederation guild foundation group club company court police
    force army navy service services office board bureau press times post journal herald tribune guardian ledger gazette wire news
    network radio television tv mail telegraph observer house senate congress parliament assembly government administration league trust
    fund church hospital center centre museum airlines airways railway railways motors nations organisation organization alliance
    coalition campaign team reuters hotel airport store stores foods industries international limited co rovers united city athletic
    albion chamber review daily weekly monitor magazine dispatch chronicle register desk digest resources energy lines trains holdings
    partners brothers laboratories systems technologies states kingdom republic emirates networks pictures studios records ventures
    capital securities insurance watch front movement brigade corps command staff"""
)
"""Words that end, or stand in, the name of a body."""
THINGS = _words(
    """street road avenue lane square bridge park river lake mount mountain mountains island islands county state province district
    region valley bay sea ocean gulf strait coast castle palace tower stadium arena theatre theater opera hall orchestra festival cup
    games derby war treaty act bill award prize day week month year series season show album film novel book line station junction
    hill halt harbour harbor port peninsula forest desert canal airport beach cathedral abbey monastery village town gate house inn
    plan deal agreement accord language languages church age test round final championship championships olympics stage tour mail wall
    dam reservoir"""
)
"""Words that end the name of a place or a thing."""
PLACE_OPENINGS = _words(
    """port mount mt lake fort cape san santa são new north south east west los las upper lower great little st saint puerto rio el camp"""
)
"""Words that open the name of a place."""
OF_BODIES = _words(
    """ministry department university college bank house court institute church bureau office board council association union federation
    chamber academy society school museum league organisation organization commission committee agency archdiocese diocese bishop
    trust"""
)
"""Bodies whose name goes on behind "of" or "for"."""
COMPANY_ENDINGS = _words(
    """air airlines airways trains group bank plc inc corp co ltd llc ag gmbh sa as nv holdings motors foods industries resources lines
    stores energy company"""
)
COMMERCIAL = _words(
    """company firm group operator producer maker manufacturer retailer carrier airline lender supplier developer brewer miner builder
    start-up startup chain giant business corporation conglomerate insurer utility app publisher broadcaster brewery employer
    shipbuilder carmaker drugmaker chipmaker steelmaker website site newspaper outlet charity club team side hosts visitors"""
)
"""Nouns by which a report means the body that it is about."""

HE_NOUNS = _words(
    """man boy father brother son husband king spokesman chairman businessman policeman fireman fisherman grandfather uncle nephew
    widower actor lad gentleman salesman cameraman foreman congressman councilman alderman barman sportsman statesman bridegroom groom
    monk priest dad grandson stepfather prince duke lord headmaster host waiter postman craftsman milkman father-in-law brother-in-law"""
)
SHE_NOUNS = _words(
    """woman girl mother sister daughter wife queen spokeswoman chairwoman businesswoman policewoman actress grandmother aunt niece widow
    lady congresswoman councilwoman saleswoman bride nun mum mom granddaughter stepmother princess duchess headmistress hostess
    waitress heroine ballerina mother-in-law sister-in-law midwife"""
)
PEOPLE = (
    HE_NOUNS
    | SHE_NOUNS
    | _words(
        """person people child kid teenager student pupil teacher doctor nurse surgeon officer official source witness driver pilot worker
    resident neighbour neighbor villager voter supporter fan customer passenger survivor victim suspect defendant accused lawyer judge
    minister mayor governor president premier chancellor senator secretary ambassador captain coach manager player striker skipper
    owner landlord tenant farmer fishmonger baker butcher chef singer artist author writer editor reporter journalist analyst
    economist scientist researcher professor expert engineer architect builder plumber sailor soldier colonel general constable
    inspector detective sheriff commissioner commander chief leader head chair director executive founder partner colleague friend
    rival opponent counterpart deputy aide adviser advisor assistant clerk cashier dentist purser cleaner bride-to-be guest champion
    challenger incumbent candidate nominee veteran winger goalkeeper midfielder defender umpire referee trainer jockey rider
    investigator prosecutor counsel barrister solicitor maintainer developer designer musician conductor composer dancer pensioner
    retiree activist campaigner protester organiser organizer chairperson spokesperson bishop pastor vicar rabbi imam employee
    employer trainee refugee sophomore freshman novelist poet painter sculptor curator librarian beekeeper gardener keeper guard
    ranger lodger boy-friend girlfriend boyfriend twin parent sibling cousin relative couple crewman deckhand attacker assailant
    gunman caller speaker politician lawmaker legislator mp peer councillor delegate envoy diplomat negotiator mediator historian
    physicist chemist hydrologist astronaut astronomer regulator moderator interviewer actor"""
    )
)
"""Nouns that mean a human being."""
PLURAL_PEOPLE = _words(
    """men women boys girls brothers sisters twins triplets parents couple pair duo trio defendants accused suspects officers players
    candidates rivals siblings friends colleagues campaigners activists scientists researchers authors artists leaders presidents
    ministers two three four partners founders actors drivers pilots students lawyers neighbours neighbors contenders opponents
    fighters boxers"""
)
"""Plural nouns that may stand for people who were named one by one."""

SAME_OFFICE = (
    _words("leader president premier chancellor king emperor ruler monarch"),
    _words("minister secretary"),
    _words("leader head chief chair chairman chairwoman chairperson president"),
    _words("lawmaker senator representative congressman congresswoman mp legislator parliamentarian"),
    _words("boss chief executive manager ceo head director founder owner"),
    _words("spokesman spokeswoman spokesperson"),
    _words("player striker midfielder defender goalkeeper winger forward footballer"),
    _words("coach manager boss trainer"),
    _words("captain skipper"),
    _words("candidate nominee frontrunner contender hopeful"),
    _words("politician lawmaker senator governor minister mayor representative councillor"),
    _words("teacher headteacher headmaster headmistress principal head"),
    _words("police constable officer inspector sergeant superintendent detective policeman policewoman"),
    _words("scientist researcher professor academic physicist chemist biologist astronomer economist"),
    _words("lawyer attorney counsel barrister solicitor"),
    _words("writer author novelist poet"),
    _words("doctor surgeon physician"),
    _words("kid boy lad teenager youngster"),
    _words("priest father vicar pastor bishop reverend"),
)
"""Nouns that may name the same office."""
INCUMBENTS = _words("president premier minister mayor governor chancellor king senator incumbent champion sheriff")
"""Who has the office, so that the challenger or the leader of the opposition is another."""
CHALLENGERS = _words("opposition challenger challenging shadow rival")
EPITHETS = _words(
    """champion incumbent challenger veteran witness defendant suspect accused winner loser newcomer star rookie native victim pensioner
    survivor visitor plaintiff claimant teenager youngster youth businessman businesswoman billionaire millionaire mogul tycoon
    senator congressman congresswoman lawmaker politician actor actress singer rapper comedian author novelist republican democrat
    conservative liberal socialist nominee frontrunner striker midfielder defender goalkeeper winger forward full-back centre-back
    batsman bowler all-rounder hooker"""
)
"""What a report calls someone whom it has named already, seldom someone new."""
COUNTERPARTS = _words("rival opponent companion colleague counterpart challenger teammate team-mate partner")
"""Whoever is not the one whose rival he is."""
WRITINGS = _words(
    """letter email e-mail message post tweet memo note will diary blog column op-ed essay article posting text missive manifesto memoir"""
)
"""What one person writes; a report, a study, a charter or a filing speaks for itself."""
ACCOUNTS = _words("account feed handle")

SOFT = _words(
    """former outgoing incoming current new old young veteran late retired elder younger ousted disgraced embattled beleaguered own first
    last same only visiting local chief then acting interim popular powerful influential ageing aging elderly burly bearded tall
    longtime long-time then-"""
)
"""Adjectives that tell nothing which a name must have been told of."""

HE_NAMES = _words(
    """aaron abdul abdullah abel abraham adam adrian ahmad ahmed aidan alan albert alejandro aleksandr alessandro alex alexander alexei
    alfred ali alistair amir anand anatole anders andré andre andrea andreas andrei andrew andrzej angus antoine anthony antonio
    antony ariel arjan arjun arnold arthur arturo ashok augustus aurelio axel baltasar barack bartholomew basil ben benedikt benedict
    benjamin bernard bertil bill bjarne björn bo bob bobby boris brad brendan brian bruce bruno callum carl carlos casimir cedric
    charles charlie chris christian christoph christopher chuck clement clive clovis clyde colin conor craig cyril dale damian daniel
    danny dave david dean declan delroy denis dennis derek dermot desmond diego dieter dirk dmitar dmitri dmitry dominic donal donald
    doug douglas duncan dwight ed edgar edmund eduardo edward edwin elvis emil emmanuel enrico enrique eric erik erlan ernest ethan
    eugene evan evander fabian farhad farquhar felix ferdinand fergus fermín fernando finn francesco francis francisco frank franklin
    franz fred frederick friedrich fyodor gabriel gareth gary gavin geoffrey georg george gerald gerard gervase gethin gilbert giorgio
    giovanni giuseppe glen gordon graham grant greg gregory guillaume gunnar gunther gus gustav guy hamid hamish hamza hans harald
    harold harry hassan hector heinrich hendrik henri henrik henry herbert hiroshi horace howard hugh hugo hussein iain ian ibrahim
    idris igor ilya ivan jack jacob jacques jakob jakub james jamie jan jared jason jasper jaswant javier jean-claude jeff jeffrey
    jens jeremy jerome jerry jesse jesus jim jimmy joachim joakim joe joel johan johann john johnny jon jonas jonathan jonty jorge
    josé jose josef joseph joshua juan julian julio justin kamal kareem karl kazuo keith ken kenji kenneth kevin khaled kofi konrad
    kurt kwabena kwame lachie lars laurence lawrence lee leif leo leon leonard leonid leroy lewis liam linus lionel lorenzo louis
    lowell luca lucas ludvik ludwig luigi luis łukasz luke magnus mahmoud malcolm manuel marcel marco marcus mario mariusz mark marlon
    marshall martin marvin massimo mateo mateusz mathieu matteo matthew maurice max maxim mehmet michael michel miguel mick mike
    mikhail milan miles mitch mohamed mohammad mohammed morris moses muhammad mustafa nathan nathaniel neil nelson neville nicholas
    nicolas nigel nikolai nils noah noel norman oisín oleg oliver olaf olivier omar orlando orville oscar osvald otto ottokar owen
    pablo paal pádraig padraig paolo pascal patrice patrick paul pavel paweł pedro per pete peter petr philip philippe phil piet
    pierre piers piotr prakash quentin rafael raj rajesh ralph ramón raphael rasmus raúl ravi ray raymond reginald rené rex ricardo
    richard rick rob robert roberto robin rodney roger rohan roland rolf roman ron ronald rory ross roy rudolf rupert russell rustam
    ryan salman sam samir samuel sanjay santiago saul scott sean sebastian sergei sergey seth shaun shinji sidney silvan simon solomon
    stanley stefan stephen steve steven stuart sumeet sunil sven takashi tariq ted terence terrence terry theo theodore thomas thos
    tim timothy tobias todd tom tomasz tommy tony torgrim torvald trent trevor tristan tyler umar vasily victor viktor vincent vinod
    vladimir walter warren wayne wendell wilhelm will william wiremu wolfgang bernie jeb newt mitt rand marc josh zach zachary brett
    brandon austin dustin cody chad kirk wade ned ernie artie bert rudy mort sal vince vinnie lou stan alvin melvin clarence akhil
    anwar nidal osama saddam recep benyamin binyamin bibi ehud shimon vlad xavier yannick yevgeny youssef yuri yusuf zoltan zvonimir
    saml jos wm chas benj jas hal doc carlo osei kwasi chidi emeka tunde sipho thabo tumelo mahamadou ignacio rafe silas
    aleksander allan alonzo angelo archie armando bart brent byron calvin chester claude cliff clifford clint cyrus darren darryl
    derrick donovan eddie eli elijah elliot emilio fernand freddie gene gilles glenn guido hubert ismail jake jed jorgen julius karim
    kyle larry lenny lonnie marcelo mathias melvyn mickey monty nick oswald patrik phillip ralf randy raoul reggie ricky rodrigo ronnie
    sergio sid sylvester toby travis ulrich vijay wilfred willie xander zack
    alasdair aldo alvaro amit anatoly anil antti arash arun attila bernd bilal billy bjorn bogdan bongani bryan chinedu cian colm cormac
    davide dawit deepak dejan dimitar dragan dylan emrys enzo eoin ewan fabio faisal femi ferenc gabor georgi geraint goran gábor
    hossein huw istvan istván jeroen jesper jiri jiří joao joão jørgen jurgen jürgen klaus knut krzysztof laszlo lászló lukas marek
    markus matthias matti michal mihai mikael mikkel miroslav nasser niall nuno oisin olav olli otieno owain paulo pekka petar pieter
    pietro radu rahul rajiv ramesh ramon rashid reza rhys rui rune seamus soren søren suresh takeshi tesfaye tiago todor torsten uwe
    vikram willem yaw zdenek zoran álvaro"""
)
SHE_NAMES = _words(
    """abigail ada adele adriana agatha agnes aicha aisha alexandra alice alicia alina alison amal amanda amelia amina amrita amy ana
    anastasia angela angelica anika anita ann anna annabel anne annette annie antonia aoife apolline astrid audrey ayesha barbara
    beatrice beatriz belinda bernadette beth betty birgit bogumiła brenda bridget brigitte bronagh camille candace carla carmen carol
    carolina caroline catarina catherine cecilia charlotte chiara chloe christiane christina christine claire clara clarissa claudia
    clodagh colleen constance cordelia cynthia daisy daniela daphne deborah delia denise diana diane dolores dominique donna dora
    doris dorothy edith eilidh elaine eleanor elena elisabeth elise eliza elizabeth ella ellen eloise elsa emiko emilia emily emma
    erica erin esperanza esther ethel eugenia eunice eva eve evelyn farah fatima faith felicity fiona flora florence frances francesca
    freda freja frida gabriela gail geraldine gertrude gillian gina giulia gladys gloria grace greta gudrun guðríður gulmira gunvor
    gwen halina hanna hannah hanneke harriet haruka hazel heather heidi helen helena helga henrietta hestertje hilary hilda hyacinth
    ida ilse imogen ines inés ingrid irene irina iris isabel isabella isadora isidora isobel ivy jacqueline jane janet janice jasmine
    jean jenna jennifer jenny jessica jill joan joanna joanne jocelyn josette josephine joy joyce juanita judith judy julia juliana
    julie june justine karen karin karina kate katarina katharina katherine kathleen kathryn katrien katrin katya kerstin kirsten
    kristin kristina lakshmi latoya laura lauren leah leila lena leticia liesl lillian lily linda lindiwe lisa liv lola lorna lorraine
    louisa louise lucia lucinda lucy ludmila luisa luz lydia lyudmila mabel madeleine maeve magdalena maggie maja malala mara margaret
    margarita marguerite maria marian marianne marie marina marion marta martha martina mary matilda maud maureen may megan meghan
    melanie melissa mercedes mia michelle mildred minty mirabel miranda miriam moira molly mona monica monika muriel myrtle nadia
    naina nancy naomi natalia natalie natasha nicola nicole nilufar nina noor nora noriko nomvula nour odile ngozi olga olivia oona
    ottilie pamela patricia paula pauline penelope perpetua philippa philomena phoebe pia polly priscilla priya rachel ragnhild ramona
    rebecca regina renata renate rhoda rita roberta rosa rosalind rose rosemary ruth sabine sabrina sally salome samantha sandra sara
    sarah selma shannon sheila shirley signe sigrid silvia simone sinéad siobhán sofia solange solveig sonia sophia sophie stella
    stephanie sue sunniva susan susanna susanne suzanne svetlana sybil sylvia tamara tanya tatiana teodora teresa thandeka thandiwe
    thelma theresa tina tracy ulla una ursula valentina valerie vanessa vera veronica veronika victoria vigdis viola violet virginia
    vivian vivienne wanda wangari wendy wilhelmina winifred xiomara xóchitl yasmin yelena yolanda yoko yuki yvette yvonne zahra zainab
    zeynep zoe zofia zora zuzana guadalupe hillary carly kellyanne ivanka melania condoleezza nikki kamala tulsi luciana megyn candice
    brooke paige kelly kim stacy tiffany amber crystal siân nuala gráinne niamh róisín ama abena akua efua amara adaeze
    adrienne alyssa angelina anja annika ariana arlene ava bethany beverly bianca bonnie britney brittany bryony caitlin carole
    cassandra cathy celeste celia cheryl cindy daniella danielle darlene debbie debra deirdre dina dorothea eileen elinor elisa elsie
    emilie erika estelle esmeralda fatma faye frieda gemma georgina giselle glenda gwendolyn hattie hayley ilona imelda ingeborg
    isabelle jackie jana janelle jeanette jeanne jodie johanna josie juliet juliette kara kathy katie katy keira kirsty krista kristen
    kristy kylie lana lara larissa lea leanne lenore libby lina liza lois loretta lottie lucille lynn lynne mandy margot mariah mariana
    maribel marjorie marlene marsha maxine meera melinda meredith mette michaela mindy minnie mirjam nadine natalya nellie norah norma
    ophelia pam patty paulina peggy penny petra portia rachael rania raquel rosalie rosanna rosie roxanne ruby sadie saskia selena
    serena sharon shelley sherry sienna simona stacey susie sylvie tara tess tessa thea tilda tori tracey trudy valeria vicki vicky
    wilma yasmine zara zelda
    adwoa agnieszka akosua angharad anjali birgitta bronwyn carolyn carys catriona cerys chioma ciara deepa divya drea ebba ekaterina
    elin eszter evie ewa farida folake freya galina grainne hanako hana ifeoma indira inger ioana ivana jelena katarzyna kavita kayla
    keiko khadija kimberly lenka linnea makena malgorzata marilyn marit maryam meena mhairi mihaela milica neha nisha orla pirjo pooja
    riikka roisin sakura salma samira sanna shirin sinead siobhan snezana sunita tereza tove turid tuula vesna yetunde yulia zsofia
    adeline alma althea amalia antonella ariane bella bertha blanche camilla cecily celine clementine cora daria delphine edna elodie
    elvira ernestine estella fanny fay gabrielle geneviève georgette germaine gwyneth helene hermione hester iona jeannette jemima joann
    jolene kristine leonie leonora lilian liliana lorelei lorena lucie lucrezia lynda magda marcia marcella margery mariam marielle
    marla maryanne maude mavis milena millicent mimi mira myra nell nelly nicolette noelle noreen octavia odette paloma perla phyllis
    queenie rena rhea rhonda rosalyn rosamund rosita roxana sabina shelly sonya susannah suzette tabitha tamsin tatyana thora tiana
    trisha trixie velma verna vivien winnie yolande zelma zoë danica katia ludivine malin mathilde mireille nathalie noémie océane pilar
    raissa roza sanne seraphina stefania svenja tanja thérèse ulrike valérie véronique wiebke xenia ximena zuzanna"""
)
GIVEN_NAMES = HE_NAMES | SHE_NAMES
"""Given names that are nearly always those of men, or of women."""

COUNTRIES = _words(
    """afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus belgium benin bolivia
    botswana brazil britain bulgaria burundi cambodia cameroon canada chad chile china colombia congo croatia cuba cyprus denmark
    ecuador egypt england eritrea estonia ethiopia finland france gabon gambia georgia germany ghana greece guatemala guinea haiti
    honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya kosovo kuwait laos
    latvia lebanon liberia libya lithuania luxembourg malawi malaysia mali malta mexico moldova mongolia montenegro morocco mozambique
    myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland
    portugal qatar romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden switzerland
    syria taiwan tajikistan tanzania thailand togo tunisia turkey turkmenistan uganda ukraine uruguay uzbekistan venezuela vietnam
    wales yemen zambia zimbabwe europe africa asia america london paris berlin moscow washington beijing brussels"""
)
DEMONYMS = {
    "french": "france", "dutch": "netherlands", "british": "britain", "english": "england", "scottish": "scotland", "welsh": "wales",
    "spanish": "spain", "danish": "denmark", "finnish": "finland", "swedish": "sweden", "norwegian": "norway", "polish": "poland",
    "swiss": "switzerland", "greek": "greece", "turkish": "turkey", "thai": "thailand", "american": "america", "us": "america",
    "burmese": "myanmar", "filipino": "philippines", "cypriot": "cyprus", "welshman": "wales", "peruvian": "peru",
    "irish": "ireland", "czech": "czechia", "kazakh": "kazakhstan", "uzbek": "uzbekistan", "afghan": "afghanistan",
}  # fmt: skip
"""Adjectives that do not begin like their country."""

FUNCTION_WORDS = _words(
    """a an the this that these those its it he she they we you i his her their our my your and but or nor so yet for if when while after
    before since until although though because as at by in on of to from with without under over about into onto during between
    against among through per via than not no whether which who whom whose what where why how there here then is are was were be been
    being am has have had having do does did will would can could may might must shall should said says say told tell tells asked asks
    added adds wrote writes also just only even still now later earlier once again however meanwhile called calls named both each
    every some any all most many few more less other another such up down out off behind beside near towards toward amid like unlike
    including"""
)
NO_NAMES = FUNCTION_WORDS | _words(
    """neither either
    its one two three four five six seven eight nine ten first last next today tomorrow yesterday moreover despite instead according
    soon perhaps maybe often never always nobody everyone someone none nothing everything nor let well oh ok okay yes q january
    february march april may june july august september october november december monday tuesday wednesday thursday friday saturday
    sunday jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun boss"""
)
"""Capitalised words that begin no name."""


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word cut to what it shares with its kin, so that who "leads" or "chairs" is a "leader" or a "chairwoman".

    >>> stem("leads") == stem("leader"), stem("chairs") == stem("chairwoman")
    (True, True)
    """
    low = word.lower()
    for ending in (
        "spersons",
        "sperson",
        "swomen",
        "swoman",
        "smen",
        "sman",
        "person",
        "woman",
        "women",
        "man",
        "men",
        "ing",
        "ers",
        "ors",
        "er",
        "or",
        "ed",
        "es",
        "s",
        "e",
        "y",
    ):
        if low.endswith(ending) and len(low) - len(ending) >= 4:
            return low[: -len(ending)]
    return low


def kin(left: str, right: str) -> bool:
    """Whether a place and its adjective belong together, by the table or by how they begin.

    >>> kin("Norvanian", "Norvania"), kin("dutch", "Netherlands"), kin("Norman", "Norvania")
    (True, True, False)
    """
    one, other = left.lower(), right.lower()
    if DEMONYMS.get(one, one) == other or DEMONYMS.get(other, other) == one:
        return True
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= max(4, min(len(one), len(other)) - 2) and max(len(one), len(other)) - shared <= 4
