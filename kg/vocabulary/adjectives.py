"""Floor 5: words that stand for a noun of a vocabulary ("hepatic", "murine", "patients").

Curators mark "hepatic" as the liver. The Latin and Greek adjectives of English anatomy and zoology
cannot be made from the noun by rule, so they are listed here, as any medical dictionary has them;
what can be made by rule (neuron, neuronal; meiosis, meiotic) is.
"""

from collections.abc import Iterator

from kg.model import EntityType


def _pairs(table: str) -> dict[str, str]:
    """Return "adjective: noun" pairs, parted by bars or line ends."""
    entries = (entry.partition(":") for entry in table.replace("\n", "|").split("|"))
    return {left.strip(): right.strip() for left, _, right in entries if right}


# Adjective to a name of the noun in the vocabulary of that type.
RELATIONAL: dict[EntityType, dict[str, str]] = {
    EntityType.ANATOMY: _pairs(
        """
        adrenal: adrenal gland|alveolar: alveolus of lung|amniotic: amnion|aortic: aorta
        appendiceal: vermiform appendix|arterial: artery|atrial: cardiac atrium
        biliary: biliary system|bronchial: bronchus|bronchiolar: bronchiole|buccal: buccal mucosa
        cardiac: heart|cardiovascular: cardiovascular system|cartilaginous: cartilage tissue
        cerebellar: cerebellum|cerebral: cerebrum|cerebrospinal: cerebrospinal fluid
        cervical: uterine cervix|choroidal: optic choroid|chorionic: chorion|ciliary: ciliary body
        cochlear: cochlea|colonic: colon|colorectal: colorectum|conjunctival: conjunctiva
        corneal: cornea|coronary: coronary artery|cutaneous: zone of skin|dermal: dermis
        diaphragmatic: diaphragm|duodenal: duodenum|ectodermal: ectoderm|embryonic: embryo
        endocardial: endocardium|endodermal: endoderm|endometrial: endometrium
        endothelial: endothelium|epicardial: epicardium|epidermal: epidermis
        epididymal: epididymis|epithelial: epithelium|esophageal: esophagus|femoral: femur
        follicular: ovarian follicle|gastric: stomach|gastrointestinal: digestive tract
        gingival: gingiva|glomerular: renal glomerulus|gonadal: gonad|hepatic: liver
        hippocampal: hippocampal formation|humeral: humerus|hypothalamic: hypothalamus|ileal: ileum
        immune: immune system|intestinal: intestine|jejunal: jejunum|laryngeal: larynx
        lymphatic: lymphatic system|mammary: mammary gland|medullary: medulla oblongata
        meningeal: meninx|mesenchymal: mesenchyme|mesodermal: mesoderm|mesothelial: mesothelium
        mucosal: mucosa|muscular: muscle tissue|myocardial: myocardium|myometrial: myometrium
        nasal: nasal cavity|neocortical: neocortex|neural: nervous system|nigral: substantia nigra
        ocular: eye|oesophageal: esophagus|olfactory: olfactory system|omental: omentum
        optic: eye|oral: oral cavity|ovarian: ovary|oviductal: oviduct|palatal: secondary palate
        pancreatic: pancreas|parathyroid: parathyroid gland|parotid: parotid gland|pelvic: pelvis
        penile: penis|pericardial: pericardium|peritoneal: peritoneum|pharyngeal: pharynx
        pituitary: pituitary gland|placental: placenta|pleural: pleura|portal: hepatic portal vein
        prostatic: prostate gland|pulmonary: lung|rectal: rectum|renal: kidney|retinal: retina
        salivary: saliva-secreting gland|scrotal: scrotum|septal: septum|skeletal: skeleton
        somitic: somite|spinal: spinal cord|splenic: spleen|striatal: striatum|stromal: stroma
        synovial: synovial joint|testicular: testis
        thalamic: dorsal plus ventral thalamus|thymic: thymus
        thyroid: thyroid gland|tibial: tibia|tonsillar: tonsil|tracheal: trachea
        ureteral: ureter|ureteric: ureter|urethral: urethra|urinary: renal system
        urogenital: genitourinary system|uterine: uterus|vaginal: vagina|valvular: cardiac valve
        vascular: vasculature|venous: vein|ventricular: cardiac ventricle|vesical: urinary bladder
        vestibular: vestibular system|visceral: viscus|vitreous: vitreous body
        """
    ),
    EntityType.ORGANISM: _pairs(
        """
        murine: Mus musculus|mammalian: Mammalia|bovine: Bos taurus|porcine: Sus scrofa
        ovine: Ovis aries|equine: Equus caballus|canine: Canis lupus familiaris|feline: Felis catus
        simian: Simiiformes|avian: Aves|bacterial: Bacteria|fungal: Fungi|leporine: Leporidae
        caprine: Capra hircus
        """
    ),
}

# What papers say for short, to the name in the vocabulary: who is a patient is a human.
EVERYDAY: dict[EntityType, dict[str, str]] = {
    EntityType.ORGANISM: _pairs(
        """
        patient: Homo sapiens|woman: Homo sapiens|man: Homo sapiens|chick: Gallus gallus
        yeast: Saccharomyces cerevisiae|coronavirus: Orthocoronavirinae
        """
    ),
    EntityType.PROCESS: _pairs(
        """
        proliferation: cell population proliferation|expression: gene expression
        """
    ),
    EntityType.CELL_TYPE: _pairs(
        """
        ES cell: embryonic stem cell|iPS cell: induced pluripotent stem cell
        invariant NKT cell: type I NK T cell|iNKT cell: type I NK T cell
        DN thymocyte: double negative thymocyte
        DP thymocyte: double-positive, alpha-beta thymocyte
        """
    ),
}

# Endings of nouns made by the languages of medicine, and those of their adjectives.
_BY_ENDING: dict[EntityType, tuple[tuple[str, str], ...]] = {
    EntityType.CELL_TYPE: (
        ("neuron", "neuronal"), ("blast", "blastic"), ("cyte", "cytic"), ("glia", "glial"),
    ),
    EntityType.PROCESS: (
        ("poiesis", "poietic"), ("genesis", "genic"), ("tene", "nema"),
        ("meiosis", "meiotic"), ("mitosis", "mitotic"), ("optosis", "optotic"),
        ("endocytosis", "endocytic"), ("phagocytosis", "phagocytic"), ("autophagy", "autophagic"),
    ),
}  # fmt: skip


def adjectives(name: str, kind: EntityType) -> Iterator[str]:
    """Yield the adjectives that are made by rule from a name of one word.

    >>> list(adjectives("osteoblast", EntityType.CELL_TYPE))
    ['osteoblastic']
    >>> list(adjectives("erythropoiesis", EntityType.PROCESS))
    ['erythropoietic']
    """
    if " " in name or not name.islower() or name == "phagocyte":  # "phagocytic" is of the process
        return
    for ending, other in _BY_ENDING.get(kind, ()):
        if name.endswith(ending):
            yield name.removesuffix(ending) + other
