"""Floor 3: the values that flow through the system. Frozen, slotted, keyword-only; no I/O.

    bytes -> Record -> Publication -> Sentence -> Mention (+ Groundings) -> quads -> store

CURIEs stand for terms everywhere above; IRIs appear only in `kg.rdf` and `kg.store`.
Offsets are Python code points into the text that is shown (`Text.text`), end exclusive.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class EntityType(StrEnum):
    """What a term can be; the value is the name used in JSON output."""

    GENE = "Gene"
    GENE_FAMILY = "GeneFamily"
    CELL_TYPE = "CellType"
    DISEASE = "Disease"
    ORGANISM = "Organism"
    ANATOMY = "Anatomy"
    PROCESS = "Process"
    CHEMICAL = "Chemical"


class Scope(StrEnum):
    """How close a synonym is to its term, as OBO has it."""

    EXACT = "EXACT"
    BROAD = "BROAD"
    NARROW = "NARROW"
    RELATED = "RELATED"
    UNSPECIFIED = "UNSPECIFIED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where something stands in an input: path as given, format, line (from 1)."""

    path: str
    format: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What was wrong with one record, where, and what was done about it.

    `code` is a stable slug (`mojibake`, `stray-markup`, `cut-start`, `lost-letter`,
    `broken-citation`, ...); `raw` is the text as it came; `lost` is true where a record could not
    be read at all, so that its content is not in the graph.
    """

    locator: Locator
    code: str
    message: str
    field: str = ""
    raw: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One repaired stretch: the shown text's `[start:end]` came as `raw[raw_start:raw_end]`."""

    start: int
    end: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A labelled part of a structured abstract: its label, and the offsets of what follows it."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One field's text as shown, beside the text as it came, with the map between the two.

    `field` is `title`, `abstract`, `snippet` (`snippet-2`, ... for further ones), or
    `vernacular-title`, the title in the paper's own language, in which nothing is recognised.
    Where nothing was repaired `raw` equals `text` and `edits` is empty. Edits are in order and do
    not overlap; what lies between them is the same in both. `sections` are the labelled parts of a
    structured abstract, in order.
    """

    field: str
    text: str
    raw: str
    edits: tuple[Edit, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author as the byline prints it: `name` whole ("de la Cruz J"), split where possible.

    `given` is the forenames where they are written out, `orcid` the bare identifier
    ("0000-0002-1825-0097"); a group of authors is `collective`, and has a `name` only, which its
    `family` repeats.
    """

    name: str
    family: str
    initials: str = ""
    given: str = ""
    orcid: str = ""
    collective: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualifier:
    """A MeSH qualifier of a heading: its name, its id ("Q000235") where known, whether major."""

    name: str
    id: str = ""
    major: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A MeSH heading that an indexer gave a paper; `id` is the descriptor's ("D015851")."""

    name: str
    id: str = ""
    major: bool = False
    qualifiers: tuple[Qualifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """A chemical that an indexer gave a paper; `id` is MeSH's, `registry` a CAS, UNII or EC number.

    A registry number of "0", MEDLINE's word for none, is an empty string.
    """

    name: str
    id: str = ""
    registry: str = ""


class RelationKind(StrEnum):
    """How a paper is tied to another, as PubMed's `RefType` has it; the value is in RDF's case."""

    COMMENT_IN = "commentIn"
    COMMENT_ON = "commentOn"
    CORRECTED_IN = "correctedIn"
    CORRECTION_FOR = "correctionFor"
    RETRACTED_IN = "retractedIn"
    RETRACTION_OF = "retractionOf"
    CONCERN_IN = "concernIn"
    CONCERN_FOR = "concernFor"
    REPUBLISHED_IN = "republishedIn"
    REPUBLISHED_FROM = "republishedFrom"
    UPDATED_IN = "updatedIn"
    UPDATE_OF = "updateOf"
    SUMMARY_IN = "summaryIn"
    ORIGINAL_REPORT_IN = "originalReportIn"
    DATASET_IN = "datasetIn"
    DATASET_OF = "datasetOf"
    CITES = "cites"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A paper that a record refers to: how, its citation as printed, its identifiers by prefix."""

    kind: RelationKind
    citation: str = ""
    identifiers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A mention that the input brought: `text == field_text[start:end]` always holds.

    `type` is the input's own word for what it is ("Gene", "Disease"), `identifiers` what it says
    the mention refers to, as CURIEs where its registry is known, else as the input wrote them.
    """

    field: str
    start: int
    end: int
    text: str
    type: str
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexing:
    """What is said about a paper beside its citation and its texts; every part may be empty.

    `languages` are codes of ISO 639-2 ("eng"), `publication_types` MeSH's names ("Journal
    Article"), `grants` one text a grant ("R01 AI123/AI/NIAID NIH HHS/United States").
    """

    languages: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    substances: tuple[Substance, ...] = ()
    grants: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One bibliographic record, its fields as the file had them (after repair).

    `texts` holds the title first, then snippets or abstract. `identifiers` maps prefixes (`PMID`,
    `PMCID`, `DOI`) to local identifiers. `journal` is its abbreviation where the file gives one
    ("J Immunol"), else its name; `journal_title` its name where that is something else; `issns`
    all that the record has, print and electronic ("0022-1767"). `links` are the labels of the
    links the record had. `position` is the record's number in the file, from 1.
    """

    locator: Locator
    texts: tuple[Text, ...]
    authors: tuple[Author, ...] = ()
    et_al: bool = False
    journal: str = ""
    journal_title: str = ""
    issns: tuple[str, ...] = ()
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    first_page: str = ""
    last_page: str = ""
    identifiers: dict[str, str] = field(default_factory=dict)
    indexing: Indexing = Indexing()
    annotations: tuple[Annotation, ...] = ()
    links: tuple[str, ...] = ()
    section: str = ""
    position: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """The title as shown, or an empty string."""
        return next((text.text for text in self.texts if text.field == "title"), "")

    @property
    def snippets(self) -> tuple[str, ...]:
        """The snippets as shown, in order."""
        return tuple(text.text for text in self.texts if text.field.startswith("snippet"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a reading list is about: its heading, and its summary (empty where it has none)."""

    locator: Locator
    name: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An input file: the name it was given by, its format and the sha256 of its bytes."""

    name: str
    format: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a publication was read: the source's sha256, and the place of its record in it."""

    source_sha256: str
    line: int
    section: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One paper, whatever files it came from. `key` is its identity (see `kg.publications`).

    `chosen` tells of a paper that was merged of several records where its values came from: the
    name of a field, and the index of its origin in `origins`. Of one record it is empty.
    """

    key: str
    other_keys: tuple[str, ...]
    texts: tuple[Text, ...]
    authors: tuple[Author, ...]
    et_al: bool
    journal: str
    year: int | None
    volume: str
    issue: str
    pages: str
    first_page: str
    last_page: str
    identifiers: dict[str, str]
    origins: tuple[Origin, ...]
    journal_title: str = ""
    issns: tuple[str, ...] = ()
    indexing: Indexing = Indexing()
    annotations: tuple[Annotation, ...] = ()
    chosen: tuple[tuple[str, int], ...] = ()

    @property
    def title(self) -> str:
        """The title as shown, or an empty string."""
        return next((text.text for text in self.texts if text.field == "title"), "")

    @property
    def is_retracted(self) -> bool:
        """Tell whether one of its records says that the paper was retracted.

        Titles say so too ("RETRACTED: ..."), but those of notices begin in the same way.
        """
        kinds = {one.kind for one in self.indexing.relations}
        types = self.indexing.publication_types
        if "Retracted Publication" in types or RelationKind.RETRACTED_IN in kinds:
            return True
        is_notice = (
            "Retraction of Publication" in types
            or "Retraction Notice" in types
            or RelationKind.RETRACTION_OF in kinds
        )
        title = self.title.casefold()
        return not is_notice and title.startswith(("retracted:", "retracted article:"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of one field: `field_text[start:end]`; `order` counts from 0 over the paper.

    `section` is the label of the part of a structured abstract that it stands in ("METHODS").
    """

    field: str
    order: int
    start: int
    end: int
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """A term that a mention may refer to, with a score from 0 to 1 and the method that gave it."""

    term: str
    score: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of text that names terms; `groundings` best first, never empty.

    `text == field_text[start:end]` always holds. `organism` is the CURIE of the species whose gene
    is meant, where one was told.
    """

    start: int
    end: int
    text: str
    type: EntityType
    groundings: tuple[Grounding, ...]
    organism: str = ""

    @property
    def best(self) -> Grounding:
        """The grounding that is taken for what the mention refers to."""
        return self.groundings[0]


INDEXER = "indexer"
"""The method of a mention that an indexer's heading stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedTerm:
    """A term that an indexer gave a paper: by which heading or substance, and whether as major."""

    term: str
    heading: str
    major: bool = False


class Predicate(StrEnum):
    """What an assertion may say of two entities; the value is the local name in the ontology."""

    ACTIVATES = "activates"
    INHIBITS = "inhibits"
    UPREGULATES = "upregulates"
    DOWNREGULATES = "downregulates"
    REGULATES = "regulates"
    BINDS = "binds"
    REQUIRED_FOR = "required_for"
    EXPRESSED_IN = "expressed_in"
    PROMOTES = "promotes"
    PROTECTS_FROM = "protects_from"
    TREATS = "treats"
    MARKER_OF = "marker_of"
    ASSOCIATED_WITH = "associated_with"

    @property
    def sign(self) -> int:
        """Tell whether the subject raises (1) or lowers (-1) the object; 0: neither is said."""
        return _SIGNS.get(self, 0)

    @property
    def symmetric(self) -> bool:
        """Tell whether what holds of A and B holds of B and A."""
        return self in (Predicate.BINDS, Predicate.ASSOCIATED_WITH)


_SIGNS = {
    Predicate.ACTIVATES: 1,
    Predicate.UPREGULATES: 1,
    Predicate.PROMOTES: 1,
    Predicate.INHIBITS: -1,
    Predicate.DOWNREGULATES: -1,
    Predicate.PROTECTS_FROM: -1,
    Predicate.TREATS: -1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one sentence says of two of its mentions, and by which rule it was read.

    `start` and `end` are the offsets of the trigger, the words that state the relation, in the
    field's text; `trigger` is those words. `negated` and `speculative` are true where the sentence
    denies the relation, or puts it forward as a possibility. `confidence` (0 to 1) is how often the
    rule is right. Subject and object refer to different terms.
    """

    subject: Mention
    predicate: Predicate
    object: Mention
    negated: bool
    speculative: bool
    start: int
    end: int
    trigger: str
    method: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedSentence:
    """A sentence with the mentions in it, in order of their start, and what it says of them."""

    sentence: Sentence
    text: str
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedPublication:
    """A publication with its sentences and mentions: what the RDF is written from.

    `indexed` are the entities that its indexer's headings stand for, whatever its texts name.
    """

    publication: Publication
    sentences: tuple[AnnotatedSentence, ...]
    indexed: tuple[IndexedTerm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonym:
    """A further name of a term; `kind` is the table's own word (`alias_symbol`, `ncbi_alias`)."""

    text: str
    scope: Scope
    kind: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An entry of a vocabulary.

    `xrefs` and `parents` are CURIEs; `close` are the CURIEs under which another registry keeps it
    together with more (breast cancer under MeSH's "Breast Neoplasms"). `members` are the terms
    that belong to a family or complex, each with `isa` or `partof`. `biotype` is what a gene makes
    ("protein_coding", "pseudogene", ...), where its table says so. `successors` are the CURIEs of
    what stands in the place of one that is obsolete.
    """

    curie: str
    label: str
    type: EntityType
    synonyms: tuple[Synonym, ...] = ()
    xrefs: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    definition: str = ""
    taxon: str = ""
    biotype: str = ""
    obsolete: bool = False
    successors: tuple[str, ...] = ()
