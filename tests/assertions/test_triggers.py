"""Tables of triggers: how they are read, how a user's own overrules, what is told of wrong ones."""

from pathlib import Path

import pytest

from kg.assertions.triggers import COLUMNS, Form, Part, Trigger, inflect, load_triggers
from kg.errors import InputError
from kg.model import EntityType, Predicate

HEADING = "\t".join(COLUMNS)


def row(trigger: str, part: str, predicate: str, **cells: str) -> str:
    """Return a row of a table, with the columns that are named and the usual slots."""
    slots = {"suffix": ("left", "right"), "noun": ("by", "of"), "agent": ("subject", "of")}
    subject, object_ = slots.get(part, ("subject", "object"))
    filled = {
        "trigger": trigger,
        "part": part,
        "predicate": predicate,
        "subject": subject,
        "object": object_,
        **cells,
    }
    return "\t".join(filled.get(column, "") for column in COLUMNS)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "own.tsv"


def write(path: Path, *rows: str, end: str = "\n") -> Path:
    path.write_text(end.join([HEADING, *rows, ""]), encoding="utf-8", newline="")
    return path


# What a table says


def test_a_row_is_a_trigger(table: Path) -> None:
    cells = {"on_gene": "activates", "on_disease": "treats"}
    write(table, row("frobnicate with", "verb", "promotes", **cells))
    (trigger,) = load_triggers(table).verbs["frobnicate"]
    assert trigger == Trigger(
        word="frobnicate",
        link="with",
        part=Part.VERB,
        predicate=Predicate.PROMOTES,
        on_gene=Predicate.ACTIVATES,
        on_disease=Predicate.TREATS,
        subject=("subject",),
        object=("object",),
    )
    assert trigger.predicate_on(EntityType.GENE_FAMILY) is Predicate.ACTIVATES
    assert trigger.predicate_on(EntityType.DISEASE) is Predicate.TREATS
    assert trigger.predicate_on(EntityType.CELL_TYPE) is Predicate.PROMOTES
    assert not trigger.swapped


def test_a_column_that_is_empty_says_what_predicate_says(table: Path) -> None:
    write(table, row("frobnicate", "verb", "inhibits"))
    (trigger,) = load_triggers(table).verbs["frobnicate"]
    assert {trigger.predicate_on(kind) for kind in EntityType} == {Predicate.INHIBITS}


def test_slots_and_polarity(table: Path) -> None:
    write(
        table,
        row("frobnication", "noun", "regulates", subject="by|left", object="of|in"),
        row("free", "suffix", "required_for", polarity="negated"),
        row("lust after", "verb", "required_for", subject="object", object="subject"),
    )
    triggers = load_triggers(table)
    (noun,) = triggers.nouns["frobnication"]
    assert (noun.subject, noun.object, noun.negated) == (("by", "left"), ("of", "in"), False)
    assert triggers.suffixes["free"][0].negated
    assert triggers.verbs["lust"][0].swapped


@pytest.mark.parametrize(
    ("trigger", "word", "link"),
    [
        ("frobnicate", "frobnicate", ""),
        ("frobnicate with", "frobnicate", "with"),
        ("frobnicate to", "frobnicate", "to"),
        ("with", "with", ""),  # a preposition alone is no link
    ],
)
def test_the_link_is_the_preposition_behind_a_verb(
    table: Path, trigger: str, word: str, link: str
) -> None:
    write(table, row(trigger, "verb", "regulates"))
    (found,) = load_triggers(table).verbs[word]
    assert (found.word, found.link) == (word, link)


def test_nouns_are_found_by_their_last_word_and_its_plural(table: Path) -> None:
    write(
        table,
        row("fine frobnication", "noun", "inhibits"),
        row("frobnication", "noun", "regulates"),
        row("frob remedy", "agent", "treats"),
    )
    triggers = load_triggers(table)
    # That of more words first, which is the more exact one.
    assert [one.word for one in triggers.nouns["frobnication"]] == [
        "fine frobnication",
        "frobnication",
    ]
    assert triggers.nouns["frobnications"] == triggers.nouns["frobnication"]
    assert triggers.agents["remedies"] == triggers.agents["remedy"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_forms_that_a_table_comes_in(table: Path, mark: str, end: str) -> None:
    lines = [
        f"{mark}{HEADING}",
        "# a remark",
        "",
        row(" frobnicate ", " verb ", " promotes "),
        "   ",
        row("defrob", "verb", "inhibits").rstrip("\t"),
    ]
    table.write_bytes(end.join(lines).encode())
    triggers = load_triggers(table)
    assert triggers.verbs["frobnicate"][0].predicate is Predicate.PROMOTES
    assert triggers.verbs["defrob"][0].predicate is Predicate.INHIBITS


def test_capitals_make_no_other_trigger(table: Path) -> None:
    write(table, row("Frobnicate", "verb", "promotes"), row("Activate", "verb", "inhibits"))
    triggers = load_triggers(table)
    assert triggers.verbs["frobnicate"][0].predicate is Predicate.PROMOTES
    assert [one.predicate for one in triggers.verbs["activate"]] == [Predicate.INHIBITS]


# One's own table over the one that ships


def test_own_triggers_are_added(table: Path) -> None:
    write(table, row("frobnicate", "verb", "promotes"))
    shipped, both = load_triggers(), load_triggers(table)
    assert both.verbs.keys() - shipped.verbs.keys() == {"frobnicate"}
    assert {**both.verbs, **shipped.verbs} == both.verbs
    assert both.nouns == shipped.nouns


def test_own_triggers_overrule(table: Path) -> None:
    assert [one.predicate for one in load_triggers().verbs["activate"]] == [Predicate.ACTIVATES]
    write(table, row("activate", "verb", "regulates"))
    triggers = load_triggers(table)
    assert [one.predicate for one in triggers.verbs["activate"]] == [Predicate.REGULATES]
    assert triggers.nouns["activation"] == load_triggers().nouns["activation"]


def test_own_triggers_overrule_the_same_part_only(table: Path) -> None:
    shipped = load_triggers()
    assert "control" in shipped.verbs
    write(table, row("control", "noun", "inhibits"))
    triggers = load_triggers(table)
    assert triggers.verbs["control"] == shipped.verbs["control"]
    assert [one.predicate for one in triggers.nouns["control"]] == [Predicate.INHIBITS]


def test_own_triggers_overrule_the_same_link_only(table: Path) -> None:
    write(table, row("bind to", "verb", "activates"))
    links = {one.link: one.predicate for one in load_triggers(table).verbs["bind"]}
    assert links == {
        "": Predicate.BINDS,
        "to": Predicate.ACTIVATES,
        "with": Predicate.BINDS,
    }


@pytest.mark.parametrize("line", ["activate\tverb\tnone", row("activate", "verb", "none")])
def test_none_takes_a_trigger_out(table: Path, line: str) -> None:
    triggers = load_triggers(write(table, line))
    assert "activate" not in triggers.verbs
    assert "activation" in triggers.nouns


def test_what_was_taken_out_can_be_put_in_again(table: Path) -> None:
    write(table, row("activate", "verb", "none"), row("activate", "verb", "binds"))
    assert [one.predicate for one in load_triggers(table).verbs["activate"]] == [Predicate.BINDS]


def test_a_word_may_have_two_rows(table: Path) -> None:
    other_way = {"subject": "object", "object": "subject"}
    write(
        table,
        row("frobnicate", "verb", "promotes"),
        row("frobnicate", "verb", "expressed_in", **other_way),
    )
    assert [one.predicate for one in load_triggers(table).verbs["frobnicate"]] == [
        Predicate.PROMOTES,
        Predicate.EXPRESSED_IN,
    ]


def test_a_heading_alone_changes_nothing(table: Path) -> None:
    write(table)
    assert load_triggers(table).verbs == load_triggers().verbs


def test_the_sha256_tells_tables_apart(tmp_path: Path) -> None:
    one = write(tmp_path / "one.tsv", row("frobnicate", "verb", "promotes"))
    same = write(tmp_path / "same.tsv", row("frobnicate", "verb", "promotes"))
    other = write(tmp_path / "other.tsv", row("frobnicate", "verb", "inhibits"))
    digests = [load_triggers(path).sha256 for path in (None, one, same, other)]
    assert digests[1] == digests[2]
    assert len(set(digests)) == 3


def test_a_table_that_was_changed_is_read_again(table: Path) -> None:
    write(table, row("frobnicate", "verb", "promotes"))
    before = load_triggers(table)
    write(table, row("frobnicate", "verb", "inhibits"))
    after = load_triggers(table)
    assert after.verbs["frobnicate"][0].predicate is Predicate.INHIBITS
    assert after.sha256 != before.sha256


# What is told of a table that cannot be used: where, what, and what to do


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (row("", "verb", "promotes"), "the column 'trigger' is empty"),
        (
            row("frobnicate", "verbs", "promotes"),
            "the column 'part' is one of verb, adjective, noun, agent, suffix, not 'verbs'",
        ),
        (row("frobnicate", "", "promotes"), "the column 'part' is one of verb, adjective"),
        (row("frobnicate", "verbs", "none"), "the column 'part' is one of verb, adjective"),
        (row("", "verb", "none"), "the column 'trigger' is empty"),
        (row("frobnicate", "verb", "likes"), "the column 'predicate' is one of activates, "),
        (row("frobnicate", "verb", "likes"), "not 'likes'"),
        (row("frobnicate", "verb", "Activates"), "not 'Activates'"),
        (row("frobnicate", "verb", ""), "the column 'predicate' is one of activates, "),
        (
            row("frobnicate", "verb", "promotes", on_gene="likes"),
            "the column 'on_gene' is one of activates, ",
        ),
        (
            row("frobnicate", "verb", "promotes", on_disease="likes"),
            "the column 'on_disease' is one of activates, ",
        ),
        (
            row("frobnicate", "verb", "promotes", subject="by"),
            "the column 'subject' of a verb is 'subject' or 'object', not 'by'",
        ),
        (
            row("frobnicate", "verb", "promotes", object=""),
            "the column 'object' of a verb is 'subject' or 'object', not ''",
        ),
        (
            row("frob to", "adjective", "promotes", object="subject|object"),
            "the column 'object' of an adjective is 'subject' or 'object', not 'subject|object'",
        ),
        (
            row("frobbed", "suffix", "promotes", subject="before"),
            "the column 'subject' of a suffix is 'left' or 'right', not 'before'",
        ),
        (
            row("frobnication", "noun", "promotes", object="of, in"),
            "the column 'object' of a noun is prepositions, 'left' or 'subject', parted by |, not",
        ),
        (row("frobber", "agent", "promotes", subject=""), "the column 'subject' of an agent is "),
        (
            row("frobnicate", "verb", "promotes", polarity="no"),
            "the column 'polarity' is 'negated' or empty, not 'no'",
        ),
        (
            row("frobnicate", "verb", "promotes", polarity="negated") + "\tmore",
            f"there are {len(COLUMNS) + 1} columns, not {len(COLUMNS)}",
        ),
        (
            row("activate", "verb", "none") + "\tmore",
            f"there are {len(COLUMNS) + 1} columns, not {len(COLUMNS)}",
        ),
        ("frobnicate,verb,promotes,,,subject,object,", "the column 'part' is one of verb"),
    ],
)
def test_a_wrong_row_is_told(table: Path, line: str, message: str) -> None:
    write(table, "# a remark", row("defrob", "verb", "inhibits"), line)
    with pytest.raises(InputError) as told:
        load_triggers(table)
    assert str(told.value).startswith(f"{table}:4: ")
    assert message in str(told.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"# nothing\n",
        row("frobnicate", "verb", "promotes").encode(),
        HEADING.replace("\t", ",").encode(),
        HEADING.rpartition("\t")[0].encode(),
        HEADING.upper().encode(),
    ],
)
def test_a_table_without_its_heading_is_told(table: Path, content: bytes) -> None:
    table.write_bytes(content)
    with pytest.raises(InputError) as told:
        load_triggers(table)
    assert str(told.value) == (f"{table}:1: the first line names the columns: {', '.join(COLUMNS)}")


def test_a_table_in_another_encoding_is_told(table: Path) -> None:
    table.write_bytes(HEADING.encode() + b"\nfavo\xf9r\tverb\tpromotes")
    with pytest.raises(InputError, match=rf"own\.tsv: not UTF-8 at byte {len(HEADING) + 6}$"):
        load_triggers(table)


def test_a_table_that_is_not_there_is_told(table: Path) -> None:
    with pytest.raises(InputError, match=r"own\.tsv: cannot be read: No such file"):
        load_triggers(table)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        load_triggers(tmp_path)


# Forms of verbs


@pytest.mark.parametrize(
    ("verb", "third", "past", "participle", "gerund"),
    [
        ("activate", "activates", "activated", "activated", "activating"),
        ("block", "blocks", "blocked", "blocked", "blocking"),
        ("abolish", "abolishes", "abolished", "abolished", "abolishing"),
        ("suppress", "suppresses", "suppressed", "suppressed", "suppressing"),
        ("modify", "modifies", "modified", "modified", "modifying"),
        ("delay", "delays", "delayed", "delayed", "delaying"),
        ("underlie", "underlies", "underlay", "underlain", "underlying"),
        ("control", "controls", "controlled", "controlled", "controlling"),
        ("permit", "permits", "permitted", "permitted", "permitting"),
        ("remit", "remits", "remitted", "remitted", "remitting"),
        ("confer", "confers", "conferred", "conferred", "conferring"),
        ("limit", "limits", "limited", "limited", "limiting"),
        ("bind", "binds", "bound", "bound", "binding"),
        ("drive", "drives", "drove", "driven", "driving"),
        ("overcome", "overcomes", "overcame", "overcome", "overcoming"),
        ("arise", "arises", "arose", "arisen", "arising"),
        ("fine-tune", "fine-tunes", "fine-tuned", "fine-tuned", "fine-tuning"),
        ("undergo", "undergoes", "underwent", "undergone", "undergoing"),
        ("see", "sees", "saw", "seen", "seeing"),
    ],
)
def test_forms(verb: str, third: str, past: str, participle: str, gerund: str) -> None:
    forms = list(inflect(verb))
    assert forms[0] == (verb, Form.BASE)
    assert {
        (third, Form.THIRD),
        (past, Form.PAST),
        (participle, Form.PARTICIPLE),
        (gerund, Form.GERUND),
    } <= set(forms)


@pytest.mark.parametrize(
    ("verb", "british"),
    [
        ("stabilize", ["stabilise", "stabilises", "stabilised", "stabilising"]),
        ("signal", ["signalled", "signalling"]),
        ("fuel", ["fuelled", "fuelling"]),
    ],
)
def test_british_forms(verb: str, british: list[str]) -> None:
    assert set(british) <= {form for form, _ in inflect(verb)}
