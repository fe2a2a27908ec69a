"""Floor 6: words of English prose by what they do in a sentence.

Closed classes, and the commonest verbs and nouns of abstracts that state no relation themselves.
What states one is in the table of triggers.
"""

from functools import lru_cache

from kg.assertions.triggers import Form, inflect


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BE = _words("is are was were be been being am 's 're")
HAVE = _words("has have had having")
DO = _words("do does did")
MODALS = _words("can could may might will would shall should must cannot")
HEDGING_MODALS = _words("may might could would")
NOT = _words("not never n't cannot hardly scarcely")
DETERMINERS = _words(
    """a an the this that these those its their his her our each every any some no all both several
    many few such another other either neither more most less least much various certain one two
    three four five same own"""
)
PREPOSITIONS = _words(
    """of in on by with from for via through at into onto within during between among amongst
    against after before upon under over without toward towards across throughout despite per as
    than like including beyond around near along since until below above behind following
    besides regarding concerning versus vs off amid unlike"""
)
COORDINATORS = _words("and or nor but & plus and/or")
RELATIVES = _words("which that who whose whom where whereby wherein")
SUBORDINATORS = _words(
    """because whereas while although though if when whether unless once so thus hence therefore
    how why what whereby whereupon"""
)
# Where one statement ends and another, of its own polarity and certainty, begins.
CONTRAST = _words("whereas while although though but however yet")
PRONOUNS = _words("it they we he she i you them us itself themselves there who")
POSSESSIVES = _words("its their")
ADVERBS = _words(
    """also not only even still then further both very more most less well however moreover rather
    thereby often always never together respectively strongly directly again already either
    significantly here too just once first later furthermore thus therefore hence else indeed
    alone overall collectively finally interestingly importantly in-turn markedly otherwise
    dose-dependently now yet instead likewise"""
)
# A noun that is only an aspect of what it is said of: "the survival of T cells" is about T cells.
ASPECTS = _words(
    """survival proliferation expansion growth homeostasis development differentiation maturation
    accumulation function functions activity activities level levels amount amounts number
    numbers expression production secretion release synthesis signaling signalling pathway
    pathways signal signals pool pools size maintenance generation formation viability potential
    potency abundance concentration concentrations frequency frequencies percentage proportion
    count counts content protein proteins gene genes mrna transcript transcripts transcription
    translation mrnas phenotype response responses activation trafficking transport localization
    population populations subset subsets recruitment infiltration migration progression
    severity incidence risk onset pathogenesis symptoms stability availability intensity
    induction initiation recovery"""
)
# Harm to what it is said of: to promote the death of a cell is not to promote the cell.
HARMS = _words(
    """apoptosis death degradation destruction damage injury depletion exhaustion dysfunction
    senescence lysis killing cytotoxicity necrosis loss arrest anergy toxicity pyroptosis
    ferroptosis suppression inhibition clearance regression shrinkage resolution remission
    eradication elimination protection defense defence"""
)
# Nouns that turn what is said of them: the lack, the blockade, an inhibitor of X.
INVERSES = _words(
    """inhibitor inhibitors antagonist antagonists blockade blocker blockers deficiency
    deficiencies knockdown knockout knock-down knock-out loss lack absence depletion deletion
    deletions silencing ablation inhibition suppression neutralization antibody antibodies
    inactivation haploinsufficiency sirna shrna antisense disruption withdrawal deprivation
    blocking downregulation down-regulation repression reduction decrease inhibiting
    insufficiency impairment degradation antagonism neutralisation interference removal
    elimination"""
)
INVERTING_ADJECTIVES = _words(
    """reduced decreased fewer impaired defective diminished low lower deficient inhibited
    suppressed insufficient inadequate lacking anti lost silenced downregulated down-regulated
    absent attenuated inactivated neutralized blocked depleted"""
)
# Nouns that make something else of what stands before them: a receptor of X, resistance to X.
OTHERS = _words(
    """receptor receptors resistance sensitivity toxicity tolerance analog analogs analogue
    analogues derivative derivatives diet diets nanoparticle nanoparticles microenvironment
    surface surfaces substrate substrates ligand ligands promoter promoters homolog homologs
    homologue homologues transporter transporters score scores agonism supplement supplements"""
)
# Nouns of an amount: to promote the expression of X is to raise X.
AMOUNTS = _words(
    """expression expressions production secretion secretions release synthesis level levels
    concentration concentrations abundance mrna transcript transcripts transcription amount
    amounts translation"""
)
# Nouns of a variant of a gene.
VARIATIONS = _words(
    """variation variations polymorphism polymorphisms mutation mutations variant variants snp snps
    haplotype haplotypes locus loci genotype genotypes allele alleles deletion deletions
    insertion substitution truncation mutant mutants alteration alterations gene"""
)
THERAPIES = _words(
    """therapy therapies immunotherapy immunotherapies vaccine vaccines vaccination chemotherapy
    transplantation transplant radiotherapy treatment treatments"""
)
SPECIMENS = _words("cell cells line lines tissue tissues xenograft xenografts")
# What was done to a group or culture with what stands before: "LPS-treated", "IL7-deficient".
GIVEN = _words(
    """treated injected stimulated infected exposed challenged immunized induced transfected primed
    sensitized vaccinated fed administered receiving given"""
)
LACKING = _words("deficient null knockout knock-out ko deficiency knockdown")
MORE = _words("increased elevated enhanced higher upregulated up-regulated greater")
LESS = INVERTING_ADJECTIVES - {"anti", "deficient", "lacking"}
# Those who have a disease or hold a cell: they are not what is acted on.
BEARERS = _words(
    """patient patients mouse mice rat rats individuals subjects cohort cohorts participants women
    men children adults donors controls people persons volunteers survivors carriers animals
    infants cases models model families family group groups trial trials study studies rabbits
    pigs dogs macaques cultures culture medium populations pregnancies sera neonates recipients
    lambs calves clinic data literature samples sample specimens sections research"""
)

# What the words behind a mention make of it, as flags of one number.
AMOUNT, VARIATION, BEARER, THERAPY, CELLS, INVERSE, OTHER, KNOWN = (1 << bit for bit in range(8))


def _flags() -> dict[str, int]:
    flags: dict[str, int] = {}
    for words, flag in (
        (AMOUNTS, AMOUNT),
        (VARIATIONS, VARIATION),
        (BEARERS, BEARER),
        (THERAPIES, THERAPY),
        (SPECIMENS, CELLS),
        (INVERSES | HARMS, INVERSE),
        (OTHERS, OTHER),
        (ASPECTS | MORE | {"and", "or"}, KNOWN),
    ):
        for word in words:
            flags[word] = flags.get(word, 0) | flag
    return flags


NOUN_FLAGS = _flags()
# What a noun's complement is joined with, apart from "of".
COMPLEMENTS = {
    "treatment": "with of", "treatments": "with of", "stimulation": "with of by",
    "therapy": "with of", "therapies": "with of", "infection": "with by of",
    "incubation": "with", "immunization": "with", "administration": "of",
    "supplementation": "with of", "exposure": "to", "exposures": "to",
    "response": "to of", "resistance": "to of", "sensitivity": "to of",
    "polymorphism": "in of", "polymorphisms": "in of", "mutation": "in of", "mutations": "in of",
    "variation": "in of", "variations": "in of", "variant": "in of", "variants": "in of",
    "increase": "in of", "increases": "in of", "decrease": "in of", "decreases": "in of",
    "reduction": "in of", "reductions": "in of", "defect": "in of", "defects": "in of",
    "deficiency": "in of", "change": "in of", "changes": "in of", "alterations": "in of",
    "alteration": "in of", "snps": "in of", "snp": "in of", "role": "of for", "roles": "of for",
    "lesions": "in of", "improvement": "in of", "improvements": "in of", "risk": "of for in",
    "elevation": "of in", "susceptibility": "to", "predisposition": "to", "pretreatment": "with",
    "rise": "in of", "decline": "in of", "drop": "in of", "transfection": "with of",
    "combination": "of with", "antibody": "to against", "antibodies": "to against",
    "genes": "of for encoding", "gene": "of for encoding", "haplotypes": "in of", "loci": "in of",
    "deletion": "in of", "deletions": "in of", "insertion": "in of", "allele": "in of",
    "alleles": "in of", "genotype": "in of", "genotypes": "in of", "substitution": "in of",
    "truncation": "in of", "translocation": "of in", "rearrangement": "of in",
    "abnormalities": "in of", "abnormality": "in of", "inhibitor": "of for", "mutants": "of in",
    "protection": "from against of", "signals": "from of", "signal": "from of",
}  # fmt: skip
# Verbs of subjects who report, and of what is only there: no relation, but the centre of a clause.
_PLAIN_VERBS = """
show demonstrate suggest indicate find reveal report conclude propose hypothesize hypothesise
investigate examine evaluate assess explore test study analyze analyse compare measure observe
determine describe review discuss confirm detect provide support present identify establish know
think believe appear seem remain become occur exist develop undergo display exhibit possess contain
include comprise consist use utilize perform conduct carry obtain isolate collect receive recruit
enroll treat administer inject expose culture incubate stimulate infect immunize transfect generate
make take give see hold play exert serve act function work help allow need aim attempt seek try
fail begin start continue persist tend follow precede highlight emphasize underscore illustrate
postulate speculate assume presume consider regard expect predict clarify elucidate explain
understand define characterize call term name encode transduce transmit complement balance
repopulate emerge arise migrate proliferate differentiate survive die grow live differ vary depend
rise fall range correspond represent constitute form share offer yield lack apply approve recommend
focus address answer raise validate verify note imply screen sequence clone map select circulate
infiltrate surround fluctuate respond gain lose maintain acquire recognize bind increase decrease
decline drop harbor estimate calculate monitor record prove participate connect accumulate
""".split()

# Verbs whose object does what the infinitive says: "allows X to activate Y".
CONTROLLING = _words(
    """use take give administer receive employ apply add inject suggest show find consider believe
    report prove expect allow enable cause stimulate induce lead permit help make force prompt
    instruct direct"""
)


@lru_cache(maxsize=1)
def plain_verbs() -> dict[str, list[tuple[str, Form]]]:
    """Return the forms of the verbs that state no relation, with the verb and the form."""
    table: dict[str, list[tuple[str, Form]]] = {}
    for verb in dict.fromkeys(_PLAIN_VERBS):
        for form, kind in inflect(verb):
            table.setdefault(form, []).append((verb, kind))
    return table
