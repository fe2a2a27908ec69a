"""Floor 5: words that tell whose genes a text is about: people, laboratory strains, cell lines.

Some are written for the organism and are mentions of it ("patients", "murine"); the others only
tell the species of what stands near them, and are no mentions of anything (`CUE_STATUSES`).
"""

from kg.vocabulary.stopnames import split_names

HUMAN = "NCBITaxon:9606"
MOUSE = "NCBITaxon:10090"
RAT = "NCBITaxon:10116"

CUE_STATUSES = frozenset({"person", "strain", "cell line"})

# organism -> status, names
HOST_NAMES: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    HUMAN: (
        ("patient", split_names("patient|outpatient|inpatient|woman|man")),
        (
            "person",
            split_names(
                """
                child|boy|girl|infant|toddler|adolescent|teenager|person|people|participant|volunteer
                proband|blood donor|healthy donor|healthy control|sibling|consanguineous|smoker
                nonsmoker|pedigree|caucasian|postmenopausal|clinical trial|autopsy|cadaver
                """
            ),
        ),
        (
            "cell line",
            split_names(
                """
                HEK293|HEK293T|HEK-293T|HEK 293|293T|HeLa|MCF-7|MCF-10A|MDA-MB-231|MDA-MB-468
                MDA-MB-435|T47D|BT-474|BT-20|SK-BR-3|SKBR3|ZR-75-1|HepG2|Hep3B|Huh-7|Huh7|SMMC-7721
                PLC/PRF/5|Jurkat|MOLT-4|HuT 78|CCRF-CEM|U937|THP-1|K562|KG-1|HL-60|HL60|Raji|Ramos
                Daudi|BJAB|A549|H1299|H460|Calu-3|BEAS-2B|SH-SY5Y|SK-N-SH|IMR-32|IMR-90|WI-38|HCT116
                HCT-116|HT-29|HT29|SW480|SW620|DLD-1|LoVo|Caco-2|Colo 205|LNCaP|PC-3|DU145|DU-145
                22Rv1|U2OS|U-2 OS|Saos-2|MG-63|HT1080|U87|U87MG|U-87 MG|U251|T98G|A172|A431|A375
                HaCaT|SK-MEL-28|OVCAR-3|SKOV-3|SKOV3|A2780|Ishikawa|PANC-1|MIA PaCa-2|BxPC-3|AsPC-1
                MKN45|MKN-45|SGC-7901|KATO III|HK-2|786-O|Caki-1|ACHN|T24|RT4|HUVEC|HMEC-1
                EA.hy926|JEG-3|BeWo|ARPE-19|H295R|BON-1|Kasumi-1|NB4|MV4-11|RPMI 8226|U266|MM.1S
                NCI-H929|TF-1|UT-7|Mo7e
                """
            ),
        ),
    ),
    MOUSE: (
        ("synonym", split_names("murine|mus musculus domesticus")),
        (
            "strain",
            split_names(
                """
                C57BL/6|C57BL/6J|C57BL/6N|C57BL6|C57/BL6|C57BL|C57BL/10|B6D2F1|BALB/c
                BALB/cJ|BALB|NOD/SCID|NSG|NOD mouse|SJL|SJL/J|DBA/1|DBA/2|DBA/2J|CBA/J|CBA/Ca
                C3H|C3H/HeJ|C3H/HeN|FVB|FVB/N|FVB/NJ|129/Sv|129/SvJ|129S1|129S6|129/Ola|ICR|AKR/J
                A/J|NZB|NZW|NZB/W|MRL/lpr|MRL|Swiss Webster|Swiss albino|SCID mouse|BXD|nude mouse
                athymic mouse|ob/ob|db/db|mdx|knockout mouse|Cre-loxP|Cre recombinase
                conditional knockout|floxed|transgenic mouse|embryonic stem cell line R1
                mouse embryonic fibroblast|MEF|MEFs|ES cell
                """
            ),
        ),
        (
            "cell line",
            split_names(
                """
                NIH3T3|NIH 3T3|NIH/3T3|3T3-L1|3T3|Swiss 3T3|RAW264.7|RAW 264.7|RAW264|J774|J774A.1
                P388D1|C2C12|B16|B16F10|B16-F10|L929|BV2|BV-2|MIN6|betaTC3|N2a|Neuro2a|Neuro-2a|4T1
                EL4|EL-4|YAC-1|CTLL-2|MC3T3-E1|C3H10T1/2|P19|CT26|CT-26|Hepa1-6|Hepa-1c1c7|Ba/F3
                BaF3|32D|FDC-P1|WEHI-231|WEHI-3|P815|D10.G4.1|DC2.4|GT1-7|AtT-20|LbetaT2|mIMCD-3
                IMCD3|HL-1|NMuMG|EMT6|ID8|MLE-12|F9 teratocarcinoma
                """
            ),
        ),
    ),
    RAT: (
        (
            "strain",
            split_names(
                """
                Sprague-Dawley|Sprague Dawley|Wistar|Wistar-Kyoto|WKY|Long-Evans|Long Evans|SHR
                Fischer 344|F344|Fisher 344|Lewis rat|Brown Norway|Zucker|ZDF|Dahl salt-sensitive
                Dahl S|Goto-Kakizaki|Lister hooded|Dark Agouti|spontaneously hypertensive rat
                """
            ),
        ),
        (
            "cell line",
            split_names(
                """
                PC12|PC-12|INS-1|INS-1E|INS-1 832/13|RINm5F|H9c2|C6 glioma|GH3|GH4C1|IEC-6|RBL-2H3
                A7r5|NRK-52E|NRK|FRTL-5|L6 myoblast|L6 myotube|REF52|Rat-1|Rat1|AR42J|McA-RH7777
                H4IIE|FTO-2B|PC Cl3
                """
            ),
        ),
    ),
}
