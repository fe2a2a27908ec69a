"""LaTeX as reference managers write it: letters, signs, formulas, and what is not LaTeX at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.readers.latex import latex_to_text


def text(source: str) -> str:
    shown, unknown = latex_to_text(source)
    assert unknown == frozenset()
    return shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        # accents, in all the ways that they are braced
        (r"{\"o}\"{o}\"o {\'{e}} \'e \v{S}eva {\v S}eva \v Seva", "ööö é é Ševa Ševa Ševa"),
        (r"Sa{\"\i}d Sa{\"{\i}}d na\"\i ve {\'\i} {\i}", "Saïd Saïd naïve í ı"),
        (
            r"{\L}{\'o}d{\'z} {\O}rsted M{\o}ller {\AA}se \ss{} \c{c} {\k{a}}",
            "Łódź Ørsted Møller Åse ß ç ą",
        ),
        # Greek as Zotero, Better BibTeX, JabRef, Mendeley and people write it
        (
            r"IL-7R$\alpha$, {$\beta$}, \ensuremath{\gamma}, {\ensuremath{\delta}}",
            "IL-7Rα, β, γ, δ",
        ),
        (r"{\textalpha} {\textbeta}-chain \textkappa{}B $\upmu$m {\textmu}m", "α β-chain κB μm µm"),
        (
            r"NF-$\kappa$B TGF-$\beta$1 $\gamma\delta$ $\gamma \delta$ \(\alpha\)",
            "NF-κB TGF-β1 γδ γδ α",
        ),
        (r"$\epsilon$ $\varepsilon$ $\phi$ $\lambda$ $\Delta$F508 $\Omega$", "ε ε φ λ ΔF508 Ω"),
        # indices
        (
            r"CD4$^{\textrm{+}}$ Ca$^{2+}$ H$_{\textrm{2}}$O T$_H$1 $\alpha_4\beta_7$",
            "CD4+ Ca2+ H2O TH1 α4β7",
        ),
        (
            r"CD8\textsuperscript{+} K\textsubscript{d} $^{18}$F $\mathrm{Na}^{+}$",
            "CD8+ Kd 18F Na+",
        ),
        (
            r"IL-2R$\gamma$$_{\textrm{c}}$$^{\textrm{-/-}}$ $$\alpha$$$\beta$ $$x$$",
            "IL-2Rγc-/- αβ x",
        ),
        # signs
        (r"p {\textless} 0.05, {\textgreater}5, $<$0.05, $\leq$ 3", "p < 0.05, >5, <0.05, ≤ 3"),
        (r"$\pm$ {\textpm} 37\textdegree{}C, 4 $^{\circ}$C", "± ± 37°C, 4 °C"),
        (
            r"5\% R\&D \#3 a\_b \$5 \{x\} {\textbackslash}n {\textasciitilde}5 \~{}5 {\^{}}",
            "5% R&D #3 a_b $5 {x} \\n ~5 ~5 ^",
        ),
        (r"Open \{\vphantom{\}} and \vphantom{\{}\}", "Open { and }"),
        (r"a--b c---d ``q'' 5'-3' and 5''", "a–b c—d “q” 5'-3' and 5''"),
        # looks
        (
            r"\textit{Il7} \emph{in vivo} {\it in vitro} {\em x} \textsc{Abc} \mbox{IL-7}",
            "Il7 in vivo in vitro x Abc IL-7",
        ),
        (r"{IL}-7 {{Double}} a {one} {two} b {B Cells}", "IL-7 Double a one two b B Cells"),
        (
            r"\url{http://a.b/c_d} \href{http://x.y}{shown} x\footnote{hidden}",
            "http://a.b/c_d shown x",
        ),
        (
            r"\documentclass[12pt]{minimal}\usepackage{amsmath}\begin{document}$$\alpha$$\end{document}-helix",
            "α-helix",
        ),
        # what is no LaTeX, though it stands in a .bib file
        ("50% of R&D, a_b, x^2, #3, {50%} {a & b}", "50% of R&D, a_b, x^2, #3, 50% a & b"),
        ("costs $5 and $10, a lone $ sign; $5-$10", "costs $5 and $10, a lone $ sign; $5-$10"),
        (r"it costs $5 and then $\alpha$", "it costs $5 and then α"),
        ("Fig.~1, 5~mg, but ~50% and (~3)", "Fig. 1, 5 mg, but ~50% and (~3)"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_text_of_latex(source: str, shown: str) -> None:
    assert text(source) == shown


def test_commands_that_are_not_known_are_told_and_their_arguments_kept() -> None:
    shown, unknown = latex_to_text(r"a \foo{b} \baz{} c")
    assert shown == "a b  c"
    assert unknown == {"\\foo", "\\baz"}


def test_the_unknown_is_told_each_time() -> None:
    assert latex_to_text(r"\foo{b}") == latex_to_text(r"\foo{b}")


def test_nesting_is_no_trap() -> None:
    assert text("{" * 500 + "x" + "}" * 500) == "x"
    assert "x" in latex_to_text("{" * 50_000 + "x")[0]
    assert "x" in latex_to_text(r"\textit{" * 5_000 + "x")[0]
    assert latex_to_text("$" * 50_001)[0]


@given(st.text(alphabet="ab 1{}$\\%&_^~#-`'\"[]()\n", max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_a_text(source: str) -> None:
    shown, _ = latex_to_text(source)
    shown.encode()


@given(st.text(alphabet=st.characters(exclude_characters="\\{}$~-`\0"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_text_without_commands_stays(source: str) -> None:
    if "\ud800" <= max(source, default="") <= "\udfff":
        return
    assert text(source) == source
