"""A paper that means harm, for tests of pages: what it says is to be shown, and never to run."""

from kg.namespaces import DCTERMS, DEFAULT_BASE, KG, RDFS

TITLE = "<script>alert(1)</script> \"quoted\" & 'so' \u202eesrever {x} " + "Long" * 60
GENE = "</bdi><img src=x onerror=alert(2)>"
SENTENCE = '<b>IL-7</b> & "<i>" \u05d0\u05d1\u05d2 acts'
AUTHOR = "<svg onload=alert(3)> X"
JOURNAL = "J & <b>Evil</b>"
SOURCE = '"><script>alert(4)</script>.txt'
PAPER = f"{DEFAULT_BASE}paper/evil"
IL7 = "http://identifiers.org/hgnc/6023"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


WRITTEN = f"""
INSERT DATA {{
  <{PAPER}> a <{KG}Publication> ; <{DCTERMS}title> {_text(TITLE)} ;
    <{KG}year> 2031 ; <{KG}byline> {_text(AUTHOR)} ; <{KG}author> <{DEFAULT_BASE}author/evil> ;
    <{KG}publishedIn> <{DEFAULT_BASE}journal/evil> ; <{KG}pages> {_text("1-2<b>")} ;
    <{KG}mentions> <javascript:alert(1)> , <{IL7}> ; <{RDFS}seeAlso> <javascript:alert(5)> ;
    <http://www.w3.org/ns/prov#wasDerivedFrom> <{DEFAULT_BASE}record/evil> .
  <{DEFAULT_BASE}record/evil> <{KG}inSource> <{DEFAULT_BASE}source/evil> ; <{KG}line> 3 .
  <{DEFAULT_BASE}source/evil> a <{KG}Source> ; <{RDFS}label> {_text(SOURCE)} ;
    <{KG}topicName> {_text(SOURCE)} ; <{KG}summary> {_text(SENTENCE)} .
  <{DEFAULT_BASE}author/evil> a <{KG}Author> ; <{RDFS}label> {_text(AUTHOR)} .
  <{DEFAULT_BASE}journal/evil> a <{KG}Journal> ; <{RDFS}label> {_text(JOURNAL)} .
  <javascript:alert(1)> a <{KG}Gene> ; <{RDFS}label> {_text(GENE)} ;
    <http://www.w3.org/2004/02/skos/core#altLabel> {_text(SENTENCE)} ;
    <http://www.w3.org/2004/02/skos/core#definition> {_text(SENTENCE)} ;
    <{KG}memberOf> <{IL7}> .
  <{DEFAULT_BASE}sentence/evil.abstract.0-30> a <{KG}Sentence> ; <{KG}inPublication> <{PAPER}> ;
    <{KG}field> "abstract" ; <{KG}start> 0 ; <{KG}text> {_text(SENTENCE)} ;
    <{KG}mentionAt> 0 , 3 ; <{KG}hasMention> <{DEFAULT_BASE}mention/evil> ,
      <{DEFAULT_BASE}mention/evil2> .
  <{DEFAULT_BASE}mention/evil> a <{KG}Mention> ; <{KG}exact> "IL-7" ; <{KG}refersTo> <{IL7}> .
  <{DEFAULT_BASE}mention/evil2> a <{KG}Mention> ; <{KG}exact> "<b>IL-7</b>" ;
    <{KG}refersTo> <javascript:alert(1)> .
  <{DEFAULT_BASE}assertion/evil> a <{KG}Assertion> ; <{KG}subject> <{IL7}> ;
    <{KG}predicate> <{KG}inhibits> ; <{KG}object> <javascript:alert(1)> ; <{KG}paperCount> 99 ;
    <{KG}negated> true ; <{KG}speculative> true ; <{KG}evidence> <{DEFAULT_BASE}evidence/evil> .
  <{DEFAULT_BASE}evidence/evil> a <{KG}Evidence> ;
    <{KG}evidenceSentence> <{DEFAULT_BASE}sentence/evil.abstract.0-30> ;
    <{KG}subjectMention> <{DEFAULT_BASE}mention/evil> ;
    <{KG}objectMention> <{DEFAULT_BASE}mention/evil2> ; <{KG}confidence> 0.5 ;
    <{KG}negated> true ; <{KG}speculative> true ; <{KG}trigger> "acts" ;
    <{KG}start> {SENTENCE.index("acts")} .
  <{DEFAULT_BASE}comention/evil> a <{KG}CoMention> ; <{KG}coMentioned> <{IL7}> ,
    <javascript:alert(1)> ; <{KG}paperCount> 1 ; <{KG}sentenceCount> 1 .
}}
"""
"""As SPARQL Update, for a graph that has IL7."""
