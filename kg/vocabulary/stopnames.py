"""Floor 5: names and terms that are left out of the lexicon, with the reason.

Roots and over-general concepts say nothing of a paper ("cell", "disease", "tissue"); some names are
also everyday words. Left out by kind, and decided for biomedical text in general.
"""

import re

from kg.model import EntityType

# Terms that stand near the root of their vocabulary and are too general to be worth a mention.
GENERAL_TERMS = frozenset(
    """
    MESH:D001835 MESH:D001724 MESH:D018450 MESH:D012816 MESH:D020969 MESH:D058070 MESH:D000208
    MESH:D002908 MESH:D005547 MESH:D012421 MESH:D066253 MESH:D004195 MESH:D012008 MESH:D063646
    MESH:D000067562 MESH:D042822 MESH:D053842 MONDO:0700064 MONDO:0018026
    CL:0000000 CL:0000003 CL:0000255 CL:0000548 CL:0000010 CL:0000001 CL:0000578 MESH:D002999
    MONDO:0000001 MONDO:0700096 MONDO:0021178 MONDO:0021125 MONDO:0042489 MONDO:0002254
    MONDO:0005583 MONDO:0045024 MONDO:0021166
    GO:0008150 GO:0009987 GO:0008152 GO:0032502 GO:0050896 GO:0065007 GO:0051179 GO:0040011
    GO:0007610 GO:0000003 GO:0023052 GO:0006810 GO:0050789 GO:0048518 GO:0048519
    GO:0009058 GO:0009056 GO:0048856 GO:0051234 GO:0006412 GO:0040007 GO:0022414 GO:0032501
    GO:0002376 GO:0042592 GO:0007165
    UBERON:0001062 UBERON:0000061 UBERON:0000465 UBERON:0000466 UBERON:0000104 UBERON:0000105
    UBERON:0000468 UBERON:0000479 UBERON:0000062 UBERON:0000467 UBERON:0000475 UBERON:0010000
    UBERON:0000463 UBERON:0000464 UBERON:0000477 UBERON:0000481 UBERON:0004119 UBERON:0000064
    UBERON:0000063 UBERON:0000480 UBERON:0007798 UBERON:0006314
    NCBITaxon:1 NCBITaxon:131567 NCBITaxon:2759 NCBITaxon:33208 NCBITaxon:10239 NCBITaxon:28384
    CHEBI:24431 CHEBI:23367 CHEBI:25367 CHEBI:33579 CHEBI:50906 CHEBI:24432 CHEBI:33232
    CHEBI:24433 CHEBI:36357 CHEBI:24870 CHEBI:33250 CHEBI:59999 CHEBI:60004 CHEBI:36080
    CHEBI:16670 CHEBI:15841 CHEBI:52217 CHEBI:23888 CHEBI:35222 CHEBI:48705
    CHEBI:52210 CHEBI:33893 CHEBI:60809 CHEBI:35224 CHEBI:47867 CHEBI:33695 CHEBI:48706
    CHEBI:51086 CHEBI:25212 CHEBI:75763 CHEBI:33285 CHEBI:37577 CHEBI:50860
    CHEBI:24651 CHEBI:15377 MESH:D016176 MESH:D016175
    """.split()
)

# Branches that hold no names of things: qualities of diseases, roles.
EXCLUDED_BRANCHES = ("MONDO:0021125", "CHEBI:50906", "MESH:D002869")
# Diseases of animals other than man, many of them with the names of human ones.
ANIMAL_DISEASES = "MONDO:0005583"

# Roles that texts use as the name of a class of compounds: estrogen, androgen, progestin.
KEPT_ROLES = frozenset({"CHEBI:50114", "CHEBI:50113", "CHEBI:59826", "CHEBI:50745"})


def split_names(text: str) -> frozenset[str]:
    """Return the names of a table that are parted by bars or line ends."""
    return frozenset(name.strip() for name in re.split(r"[|\n]", text) if name.strip())


# Everyday or over-general words, by the type for which they are no name worth a mention.
GENERAL_NAMES: dict[EntityType, frozenset[str]] = {
    EntityType.DISEASE: split_names(
        """
        disease|disorder|syndrome|condition|illness|infectious disease|injury|trauma|wound
        lesion|death|sign|symptom|complication|shock|stress|abnormality|dysfunction
        defect|deficiency|damage|recurrence|relapse|remission|progression|qualifier|rupture
        modifier|other disease|stage|grade|severity|acute|chronic|mass|growth|dependence|scar
        adverse drug reaction|side effect|adverse event|hypersensitive|mono|drug resistance
        susceptibility|resistance|carrier|deformity|malformation|loss|depression symptom
        communication|emergency|amyloid
        """
    ),
    EntityType.ANATOMY: split_names(
        """
        life|body|organ|tissue|system|part|region|structure|surface|wall|space|side|layer|zone
        organism|adult|juvenile|stage|site|line|field|process|head|base|root|tip|shaft
        membrane|cavity|duct|canal|fluid|secretion|gland|matrix|shell|stem|trunk|limb segment
        cortex|medulla|nucleus|body part|cell|cell surface|neck|cap|crest|bud|plate|floor|roof
        segment|locus|island|arch|tract|column|band|compartment|lobe|capsule|pole|future|population|pool
        niche|network|mouth opening|back|front|face|bar|scale|stripe|spot|arm|leg|foot|hand|hip
        extension|crop|atlas|sp|projection|sole|helix|facet|pore|tube|sex specific|r 2
        """
    ),
    EntityType.PROCESS: split_names(
        """
        growth|behavior|development|reproduction|signaling|signalling|transport|localization
        regulation|translation|transcription|metabolism|binding|response|sensitization|death
        aging|learning|memory|cell growth|rhythm|recognition
        secretion|movement|maintenance|recovery|homeostasis|conjugation|processing|larval behavior
        priming|walking|feeding|cognition|imprinting|mating|fusion|induction|tolerance|excretion
        tumor suppressor|pathogenesis|perception|segmentation|transduction|flight
        """
    ),
    EntityType.CHEMICAL: split_names(
        """
        role|group|molecule|atom|ion|drug|agent|compound|chemical|inhibitor|acid|base|water|salt
        protein|proteins|peptide|gene|cluster|gel|mineral|glass|antigen|hormone|enzyme|antibody|ligand|receptor|element
        metal|substance|material|mixture|solution|solvent|reagent|buffer|food|fuel|gas|dye|probe
        vaccine|toxin|poison|metabolite|marker|tracer|polymer|monomer|residue|radical|factor|dna
        rna|mrna|polypeptide|nucleic acid|carbohydrate|sugar|fat|oil|air|ice|lead|tin
        cytokine|chemokine|immunoglobulin|interleukin|growth factor|application|medium|medicine
        suspension
        """
    ),
    EntityType.CELL_TYPE: split_names(
        """
        cell|cells|cell line|cultured cell|primary cell|native cell|progenitor|progenitor cell
        precursor|precursor cell|clone|single cell|stem|effector|subset|population|blast
        cell in vitro
        """
    ),
    EntityType.ORGANISM: split_names(
        """
        organism|cellular organisms|root|other|unclassified|unknown|beta|data|animal|animals
        vector|virus|viruses|spot|cancer|this|major|thing|arrowhead|fig|laser|individual|rose
        ray|pan|turkey|bear|lens|lilac|fish
        """
    ),
    EntityType.GENE: split_names(
        """
        gene|protein|receptor|ligand|antigen|factor|kinase|subunit|enzyme|cytokine|chemokine
        hormone|inhibitor|activator|repressor|transporter|membrane protein|type|light chain
        heavy chain|immunoglobulin|antibody|growth factor|transcription factor|insulin receptor gene
        alpha|beta|gamma|delta|fused|large|minor|small|early|delayed|not|for|cell|cells
        tumor suppressor|16 s|18 s|16 s ribosomal rna|16 s rrna|a 1 c|m 6 a|viii|zeta|beach|toddler
        quo|paris|rome|san|scott|membrane bound|ribonucleoprotein|serine protease|leukocyte antigen
        """
    ),
}
GENERAL_NAMES[EntityType.GENE_FAMILY] = GENERAL_NAMES[EntityType.GENE] | {"med"}

# A name made up of these alone is that of a whole class of genes, though one gene may list it as
# its designation ("protein kinase", "cell surface antigen", "calcium binding protein").
GENERIC_GENE_WORDS = frozenset(
    """
    protein kinase receptor factor binding calcium tyrosine serine threonine cell surface antigen
    membrane transmembrane transcription transcriptional growth adaptor adapter cytokine chemokine
    hormone nuclear orphan dna rna specific gene family member domain zinc finger ring homeobox
    ubiquitin ligase e3 phosphatase subunit channel transporter ion inhibitor regulator regulatory
    activator ligand peptide precursor class type i ii iii iv 1 2 3 muscle brain liver heart g
    associated interacting like related molecule adhesion signal transducer signaling enzyme acid
    atp gtp dependent independent mitochondrial ribosomal histone collagen laminin extracellular
    intracellular secreted secretory soluble and of the a b alpha beta gamma delta epsilon kappa
    non heavy light chain putative hypothetical novel small large t b kda
    """.split()
)
