"""What sentences state, as a reader understands them.

Each sentence stands with all that it states of the names in brackets, one relation a line, with
"negated" where it is denied and "speculative" where it is put forward as a possibility; a sentence
without such lines states nothing. Whether "A binds B" or "B binds A" is read makes no difference.
"""

import re
from collections.abc import Callable

import pytest

from kg.assertions.reading import AssertionReader
from kg.model import Evidence, Mention, Predicate

Read = Callable[..., tuple[Evidence, ...]]

ACTIVE_VERBS = """
[leptin] activates [STAT3].
    leptin activates STAT3
[insulin] stimulates [mTOR].
    insulin activates mTOR
[TNF] stimulates [angiogenesis].
    TNF promotes angiogenesis
[IL-10] inhibits [NF-kB] in these cells.
    IL-10 inhibits NF-kB
[dexamethasone] strongly suppresses [inflammation].
    dexamethasone inhibits inflammation
[metformin] reduced [IL-6].
    metformin downregulates IL-6
[endostatin] blocked [angiogenesis].
    endostatin inhibits angiogenesis
[estradiol] increases [prolactin].
    estradiol upregulates prolactin
[VEGF] increased [angiogenesis].
    VEGF promotes angiogenesis
[hypoxia] induces [VEGF].
    hypoxia upregulates VEGF
[miR-21] downregulates [PTEN].
    miR-21 downregulates PTEN
[p53] upregulates [MDM2].
    p53 upregulates MDM2
[p53] up-regulates [MDM2].
    p53 upregulates MDM2
[LPS] up regulates [TNF].
    LPS upregulates TNF
[KRAS] drives [lung cancer].
    KRAS promotes lung cancer
[TNF] exacerbates [colitis].
    TNF promotes colitis
[IL-17] contributes to [psoriasis].
    IL-17 promotes psoriasis
[obesity] leads to [diabetes].
    obesity promotes diabetes
[TGF-beta] results in [fibrosis].
    TGF-beta promotes fibrosis
[leptin] regulates [lipolysis].
    leptin regulates lipolysis
[caffeine] affects [glycolysis].
    caffeine regulates glycolysis
[IL-12] modulates [phagocytosis].
    IL-12 regulates phagocytosis
[MDM2] binds [p53].
    MDM2 binds p53
[BRCA1] binds to [RAD51].
    BRCA1 binds RAD51
[BRCA1] interacts with [RAD51].
    BRCA1 binds RAD51
[erythropoiesis] requires [EPO].
    EPO required_for erythropoiesis
[erythropoiesis] depends on [EPO].
    EPO required_for erythropoiesis
[osteoclasts] need [glucose].
    glucose required_for osteoclasts
[macrophages] produce [TNF].
    TNF expressed_in macrophages
[adipocytes] secrete [leptin] and [adiponectin].
    leptin expressed_in adipocytes
    adiponectin expressed_in adipocytes
Most [T cells] express [IL-2].
    IL-2 expressed_in T cells
[sumatriptan] relieves [migraine].
    sumatriptan treats migraine
[budesonide] ameliorated [colitis].
    budesonide treats colitis
[vitamin D] protects against [rickets].
    vitamin D protects_from rickets
[IL-10] protects cultured [neurons] of old mice from [apoptosis].
    IL-10 protects_from apoptosis
[troponin] predicts [sepsis].
    troponin marker_of sepsis
[obesity] correlates with [asthma].
    obesity associated_with asthma
[monocytes] gave rise to [osteoclasts].
    monocytes promotes osteoclasts
In [macrophages], [LPS] induces [TNF].
    LPS upregulates TNF
After two days of culture, [LPS] induced [TNF] in all samples.
    LPS upregulates TNF
[MDM2] negatively regulates [p53].
    MDM2 inhibits p53
[insulin] positively regulates [mTOR].
    insulin activates mTOR
"""

PASSIVE_VERBS = """
[STAT3] is activated by [leptin].
    leptin activates STAT3
[angiogenesis] was strongly inhibited by [endostatin].
    endostatin inhibits angiogenesis
[IL-6] is secreted by [macrophages].
    IL-6 expressed_in macrophages
[p53] has been shown to be regulated by [MDM2].
    MDM2 regulates p53
[anemia] was treated with [EPO].
    EPO treats anemia
[fibrosis] is caused by [TGF-beta].
    TGF-beta promotes fibrosis
[VEGF] was upregulated by [hypoxia].
    hypoxia upregulates VEGF
[inflammation] is mediated by [TNF].
    TNF promotes inflammation
[migraine] was relieved by [sumatriptan].
    sumatriptan treats migraine
[apoptosis] can be prevented by [BCL2].
    BCL2 inhibits apoptosis
[TNF] was induced in [macrophages] by [LPS].
    LPS upregulates TNF
[STAT3], activated by [leptin], moves into the nucleus.
    leptin activates STAT3
The [TNF] secreted by [macrophages] was measured.
    TNF expressed_in macrophages
[STAT3] was activated within minutes by [leptin].
    leptin activates STAT3
"""

GERUNDS_AND_INFINITIVES = """
[IL-10] acts by inhibiting [NF-kB].
    IL-10 inhibits NF-kB
[leptin] is capable of activating [STAT3].
    leptin activates STAT3
[rapamycin] acts by binding [mTOR].
    rapamycin binds mTOR
[leptin] is able to activate [STAT3].
    leptin activates STAT3
[TNF] is known to induce [IL-6].
    TNF upregulates IL-6
[dexamethasone] was shown to inhibit [NF-kB].
    dexamethasone inhibits NF-kB
[VEGF] has been found to promote [angiogenesis].
    VEGF promotes angiogenesis
[caspase-3] is sufficient to induce [apoptosis].
    caspase-3 promotes apoptosis
[aspirin] was used to inhibit [thrombin].
    aspirin inhibits thrombin
[PTEN] inhibits [PI3K], thereby suppressing [glycolysis].
    PTEN inhibits PI3K
    PTEN inhibits glycolysis
By inhibiting [mTOR], [rapamycin] induces [autophagy].
    rapamycin inhibits mTOR
    rapamycin promotes autophagy
    mTOR inhibits autophagy
We used [aspirin] to inhibit [thrombin].
    aspirin inhibits thrombin
[PTEN] suppresses [angiogenesis] while promoting [apoptosis].
    PTEN inhibits angiogenesis
    PTEN promotes apoptosis
"""

RELATIVE_CLAUSES = """
[leptin], which activates [STAT3], regulates [lipolysis].
    leptin activates STAT3
    leptin regulates lipolysis
[endostatin] is a protein that inhibits [angiogenesis].
    endostatin inhibits angiogenesis
[macrophages] that produce [TNF] were counted.
    TNF expressed_in macrophages
[STAT3], which is activated by [leptin], was measured.
    leptin activates STAT3
The number of [T cells] that express [FOXP3] was low.
    FOXP3 expressed_in T cells
It was shown that [p53] induces [apoptosis].
    p53 promotes apoptosis
"""

COORDINATED_VERBS = """
[TNF] activates [NF-kB] and induces [IL-6].
    TNF activates NF-kB
    TNF upregulates IL-6
[p53] promotes [apoptosis] but inhibits [angiogenesis].
    p53 promotes apoptosis
    p53 inhibits angiogenesis
[leptin] suppresses [lipogenesis] and stimulates [lipolysis].
    leptin inhibits lipogenesis
    leptin promotes lipolysis
[leptin] binds and activates [JAK2].
    leptin activates JAK2
[TNF] activates [NF-kB], and [IL-10] inhibits [STAT3].
    TNF activates NF-kB
    IL-10 inhibits STAT3
[TNF] activates [NF-kB], whereas [IL-10] inhibits [STAT3].
    TNF activates NF-kB
    IL-10 inhibits STAT3
[TNF] activates [NF-kB]; [IL-10] inhibits [STAT3].
    TNF activates NF-kB
    IL-10 inhibits STAT3
[leptin] was found to inhibit [lipogenesis] and to stimulate [lipolysis].
    leptin inhibits lipogenesis
    leptin promotes lipolysis
[dexamethasone] inhibited [TNF] and increased [IL-10].
    dexamethasone inhibits TNF
    dexamethasone upregulates IL-10
"""

ADJECTIVES = """
[EPO] is essential for [erythropoiesis].
    EPO required_for erythropoiesis
[GATA1] is indispensable for [erythropoiesis].
    GATA1 required_for erythropoiesis
[PAX5] is critical for [B cells].
    PAX5 required_for B cells
[EPO] is required for [erythropoiesis] and necessary for [glycolysis].
    EPO required_for erythropoiesis
    EPO required_for glycolysis
[erythropoiesis] is dependent on [EPO].
    EPO required_for erythropoiesis
[IL-17] is involved in [psoriasis].
    IL-17 regulates psoriasis
[TREM2] is associated with [dementia].
    TREM2 associated_with dementia
[HLA-B27] is linked to [spondylitis].
    HLA-B27 associated_with spondylitis
[neutropenia] was due to [clozapine].
    clozapine promotes neutropenia
[insulin] is responsible for [lipogenesis].
    insulin promotes lipogenesis
[adiponectin] is expressed in [adipocytes].
    adiponectin expressed_in adipocytes
[albumin] is found in [liver].
    albumin expressed_in liver
[adalimumab] is effective against [psoriasis].
    adalimumab treats psoriasis
[ferritin] is predictive of [anemia].
    ferritin marker_of anemia
[neutrophils] are sensitive to [cisplatin].
    cisplatin regulates neutrophils
[CRP] was increased in [sepsis].
    CRP associated_with sepsis
[IL-6] was increased after [LPS].
    LPS upregulates IL-6
[TNF] fell after [dexamethasone].
    dexamethasone downregulates TNF
"""

NOUNS_OF_EVENTS = """
[IL-6] has a role in the [angiogenesis] of [melanoma].
    IL-6 regulates angiogenesis
Activation of [STAT3] by [leptin] was seen.
    leptin activates STAT3
We report the inhibition of [mTOR] by [rapamycin].
    rapamycin inhibits mTOR
Upregulation of [VEGF] by [hypoxia] takes hours.
    hypoxia upregulates VEGF
Reduction of [IL-6] by [metformin] was dose-dependent.
    metformin downregulates IL-6
[leptin] activation by [insulin] was weak.
    insulin activates leptin
The regulation of [p53] by [MDM2] is well understood.
    MDM2 regulates p53
The role of [IL-17] in [psoriasis] is well known.
    IL-17 regulates psoriasis
[IL-17] plays a role in [psoriasis].
    IL-17 regulates psoriasis
[EPO] plays an essential role in [erythropoiesis].
    EPO required_for erythropoiesis
The effect of [caffeine] on [glycolysis] was strong.
    caffeine regulates glycolysis
[metformin] had an effect on [AMPK].
    metformin regulates AMPK
The inhibitory effect of [curcumin] on [NF-kB] was seen.
    curcumin inhibits NF-kB
[curcumin] had an inhibitory effect on [NF-kB].
    curcumin inhibits NF-kB
We found an association between [HLA-B27] and [spondylitis].
    HLA-B27 associated_with spondylitis
The correlation of [CRP] with [sepsis] was strong.
    CRP associated_with sepsis
The interaction of [MDM2] with [p53] was seen.
    MDM2 binds p53
The interaction between [BRCA1] and [RAD51] is direct.
    BRCA1 binds RAD51
The dependence of [erythropoiesis] on [EPO] was shown.
    EPO required_for erythropoiesis
The response of [neutrophils] to [G-CSF] was strong.
    G-CSF regulates neutrophils
Protection from [malaria] by [aspirin] was partial.
    aspirin protects_from malaria
[insulin] promotes the activation of [mTOR].
    insulin activates mTOR
"""

AGENTS = """
[hypoxia] is the causative agent of [anemia].
    hypoxia promotes anemia
[rapamycin] is an inhibitor of [mTOR].
    rapamycin inhibits mTOR
[p53] is an inducer of [MDM2].
    p53 activates MDM2
[GATA1] is a regulator of [erythropoiesis].
    GATA1 regulates erythropoiesis
[TGF-beta] acts as a mediator of [fibrosis].
    TGF-beta promotes fibrosis
[caspase-8] serves as an activator of [caspase-3].
    caspase-8 activates caspase-3
[endostatin], an inhibitor of [angiogenesis], was injected.
    endostatin inhibits angiogenesis
The [mTOR] inhibitor [rapamycin] was injected.
    rapamycin inhibits mTOR
[CRP] is a marker of [inflammation].
    CRP marker_of inflammation
[ferritin] is a useful biomarker for [anemia].
    ferritin marker_of anemia
[metformin] is a drug for [diabetes].
    metformin treats diabetes
[APOE] is a risk factor for [dementia].
    APOE associated_with dementia
[neutropenia] is a side effect of [clozapine].
    clozapine promotes neutropenia
[VEGF] is the main driver of [angiogenesis].
    VEGF promotes angiogenesis
[TNF] was identified as a mediator of [arthritis].
    TNF promotes arthritis
[MDM2] is a negative regulator of [p53].
    MDM2 inhibits p53
[insulin] is a positive regulator of [mTOR] and [lipogenesis].
    insulin activates mTOR
    insulin promotes lipogenesis
"""

SUFFIXES = """
[LPS]-induced [IL-6] was measured.
    LPS upregulates IL-6
[TNF]-mediated [apoptosis] was studied.
    TNF promotes apoptosis
Patients with [cisplatin] and [LPS]-induced [neutropenia] were studied.
    cisplatin promotes neutropenia
    LPS promotes neutropenia
[EPO]-dependent [erythropoiesis] was studied.
    EPO required_for erythropoiesis
[p53]-independent [apoptosis] was seen.
    p53 required_for apoptosis negated
[insulin]-producing [beta cells] were sorted.
    insulin expressed_in beta cells
[CD64]-positive [monocytes] were sorted.
    CD64 expressed_in monocytes
[CD64]-negative [monocytes] were sorted.
    CD64 expressed_in monocytes negated
[TNF]–induced [apoptosis] was studied.
    TNF promotes apoptosis
[TNF] induced [apoptosis] was studied.
    TNF promotes apoptosis
[KRAS]-driven [lung cancer] was studied.
    KRAS promotes lung cancer
[obesity]-related [asthma] is common.
    obesity associated_with asthma
[macrophages]-derived [TNF] was measured.
    TNF expressed_in macrophages
[erythropoiesis] is [EPO]-dependent.
    EPO required_for erythropoiesis
[TNF]-, [IL-6]- and [IL-1]-induced [apoptosis] was studied.
    TNF promotes apoptosis
    IL-6 promotes apoptosis
    IL-1 promotes apoptosis
"""

FLIPPED_SIGNS = """
[aspirin] increased the anti-inflammatory cytokine [IL-10].
    aspirin upregulates IL-10
Anti-[TNF] antibodies reduced [IL-6].
    TNF upregulates IL-6
Inhibition of [autophagy] alleviated [colitis].
    autophagy promotes colitis
An inhibitor of [VEGF] reduced [angiogenesis].
    VEGF promotes angiogenesis
[VEGF] inhibitors reduced [angiogenesis].
    VEGF promotes angiogenesis
Loss of [PTEN] promotes [angiogenesis].
    PTEN inhibits angiogenesis
[TNF] blockade reduced [inflammation].
    TNF promotes inflammation
Lack of [leptin] causes [obesity].
    leptin inhibits obesity
[leptin] deficiency causes [obesity].
    leptin inhibits obesity
Knockdown of [MYC] suppressed [angiogenesis].
    MYC promotes angiogenesis
Depletion of [macrophages] impaired [angiogenesis].
    macrophages promotes angiogenesis
[IL-10] inhibits the activation of [NF-kB].
    IL-10 inhibits NF-kB
[TNF] induces the inhibition of [lipogenesis].
    TNF inhibits lipogenesis
[miR-21] reduces the expression of [PTEN].
    miR-21 downregulates PTEN
[estradiol] increases [prolactin] secretion.
    estradiol upregulates prolactin
[estradiol] stimulates the secretion of [prolactin].
    estradiol upregulates prolactin
[dexamethasone] inhibits [TNF] production.
    dexamethasone downregulates TNF
Overexpression of [BCL2] inhibits [apoptosis].
    BCL2 inhibits apoptosis
Antibodies to [TNF] suppress [inflammation].
    TNF promotes inflammation
Reduced [leptin] promotes [lipogenesis].
    leptin inhibits lipogenesis
[TNF] promotes the death of [neurons].
    TNF inhibits neurons
[G-CSF] promotes the survival of [neutrophils].
    G-CSF promotes neutrophils
[PTEN]-deficient mice had increased [T cells].
    PTEN inhibits T cells
[angiogenesis] was inhibited by blockade of [VEGF].
    VEGF promotes angiogenesis
The absence of [p53] promotes [angiogenesis].
    p53 inhibits angiogenesis
Blocking [TNF] reduces [inflammation].
    TNF promotes inflammation
Silencing [MYC] suppressed [angiogenesis].
    MYC promotes angiogenesis
Inhibiting [mTOR] or [AMPK] reduces [inflammation].
    mTOR promotes inflammation
    AMPK promotes inflammation
We show that blocking [TNF] reduces [inflammation].
    TNF promotes inflammation
Activating [AMPK] reduces [inflammation].
    AMPK inhibits inflammation
Mice lacking [IL-2] had fewer [T cells].
    IL-2 promotes T cells
Both blocking [TNF] and activating [AMPK] reduced [inflammation].
    TNF promotes inflammation
    AMPK inhibits inflammation
Silencing [TNF] or blocking [IL-6] reduces [inflammation].
    TNF promotes inflammation
    IL-6 promotes inflammation
"""

CHAINS = """
[STAT3] is activated by [leptin] through [JAK2].
    leptin activates STAT3
    leptin activates JAK2
    JAK2 activates STAT3
The effect of [leptin] on [macrophages] is mediated by [STAT3].
    leptin regulates macrophages
    STAT3 regulates macrophages
[leptin] promotes [angiogenesis] in a [STAT3]-dependent manner.
    leptin promotes angiogenesis
    leptin activates STAT3
    STAT3 promotes angiogenesis
[leptin] promotes [angiogenesis] in a dose-dependent manner.
    leptin promotes angiogenesis
[leptin] promotes [angiogenesis] in a [STAT3]-independent fashion.
    leptin promotes angiogenesis
    STAT3 required_for angiogenesis negated
[leptin] promotes [angiogenesis] through [STAT3].
    leptin promotes angiogenesis
    leptin activates STAT3
    STAT3 promotes angiogenesis
[leptin] promotes [angiogenesis] via activation of [STAT3].
    leptin promotes angiogenesis
    leptin activates STAT3
    STAT3 promotes angiogenesis
[rapamycin] reduces [angiogenesis] through inhibition of [mTOR].
    rapamycin inhibits angiogenesis
    rapamycin inhibits mTOR
    mTOR promotes angiogenesis
[IL-10] suppresses [inflammation] by inhibition of [NF-kB].
    IL-10 inhibits inflammation
    IL-10 inhibits NF-kB
    NF-kB promotes inflammation
[TNF] induces [apoptosis] by activating [caspase-8].
    TNF promotes apoptosis
    TNF activates caspase-8
    caspase-8 promotes apoptosis
[rapamycin] induces [autophagy] by inhibiting [mTOR].
    rapamycin promotes autophagy
    rapamycin inhibits mTOR
    mTOR inhibits autophagy
[insulin] stimulates [lipogenesis], via [mTOR].
    insulin promotes lipogenesis
    insulin activates mTOR
    mTOR promotes lipogenesis
"""

COORDINATION = """
[leptin] and [insulin] activate [STAT3] and [AMPK], respectively.
    leptin activates STAT3
    insulin activates AMPK
[IL-6] and [TNF] induce [CRP].
    IL-6 upregulates CRP
    TNF upregulates CRP
[IL-6], [TNF] and [IL-1] induce [CRP].
    IL-6 upregulates CRP
    TNF upregulates CRP
    IL-1 upregulates CRP
[IL-6], [TNF], and [IL-1] induce [CRP].
    IL-6 upregulates CRP
    TNF upregulates CRP
    IL-1 upregulates CRP
[leptin] activates [STAT3] and [AMPK].
    leptin activates STAT3
    leptin activates AMPK
[IL-6] and [TNF] induce [CRP] and [ferritin].
    IL-6 upregulates CRP
    IL-6 upregulates ferritin
    TNF upregulates CRP
    TNF upregulates ferritin
Both [IL-6] and [TNF] induce [CRP].
    IL-6 upregulates CRP
    TNF upregulates CRP
Either [IL-6] or [TNF] induces [CRP].
    IL-6 upregulates CRP
    TNF upregulates CRP
[IL-6] as well as [TNF] induces [CRP].
    IL-6 upregulates CRP
    TNF upregulates CRP
[leptin] activates the [JAK2]/[STAT3] pathway.
    leptin activates JAK2
    leptin activates STAT3
[IL-6] or [TNF] activate [T cells] and [B cells].
    IL-6 activates T cells
    IL-6 activates B cells
    TNF activates T cells
    TNF activates B cells
[STAT3] is activated by [leptin] and [IL-6].
    leptin activates STAT3
    IL-6 activates STAT3
Inhibition of [JAK2] and [mTOR] by [curcumin] was seen.
    curcumin inhibits JAK2
    curcumin inhibits mTOR
"""

APPOSITION_AND_LISTS = """
[leptin], a hormone of fat tissue, activates [STAT3].
    leptin activates STAT3
The hormone [leptin] activates [STAT3].
    leptin activates STAT3
Cytokines such as [IL-6] and [TNF] induce [CRP].
    IL-6 upregulates CRP
    TNF upregulates CRP
[LPS] induces cytokines, including [IL-6] and [TNF].
    LPS upregulates IL-6
    LPS upregulates TNF
[LPS] induces cytokines ([IL-6] and [TNF]).
    LPS upregulates IL-6
    LPS upregulates TNF
[LPS] induces several cytokines, such as [IL-6], [TNF] and [IL-12].
    LPS upregulates IL-6
    LPS upregulates TNF
    LPS upregulates IL-12
[leptin] (16 kDa) activates [STAT3] (P < 0.01).
    leptin activates STAT3
"""

EXPRESSION_AND_LEVELS = """
In patients with [sepsis], the levels of [CRP] were increased.
    CRP associated_with sepsis
Moreover, in mice treated with [LPS], [TNF] was elevated and [IL-10] was reduced.
    LPS upregulates TNF
    LPS downregulates IL-10
In [sepsis], [leptin] increased [TNF].
    leptin upregulates TNF
Patients with [sepsis] had elevated [CRP].
    CRP associated_with sepsis
Patients with [sepsis] have increased levels of [CRP].
    CRP associated_with sepsis
[LPS] had increased the expression of [TNF].
    LPS upregulates TNF
Mice treated with [LPS] had increased [TNF] levels.
    LPS upregulates TNF
[LPS]-treated macrophages showed increased expression of [TNF].
    LPS upregulates TNF
The levels of [TNF] were higher in cells exposed to [LPS].
    LPS upregulates TNF
Patients receiving [metformin] had lower [CRP].
    metformin downregulates CRP
[adiponectin] expression in [adipocytes] was high.
    adiponectin expressed_in adipocytes
The expression of [adiponectin] in [adipocytes] was high.
    adiponectin expressed_in adipocytes
[hepatic] [albumin] expression was low.
    albumin expressed_in hepatic
[insulin] is produced by [beta cells].
    insulin expressed_in beta cells
[insulin] secretion by [beta cells] was normal.
    insulin expressed_in beta cells
[IL-6] levels were elevated in [sepsis].
    IL-6 associated_with sepsis
Increased [IL-6] levels in [sepsis] were reported.
    IL-6 associated_with sepsis
Mutations of [CFTR] in patients with [cystic fibrosis] were mapped.
    CFTR associated_with cystic fibrosis
[T cells] expressing [FOXP3] and [CD64] were sorted.
    FOXP3 expressed_in T cells
    CD64 expressed_in T cells
We counted [macrophages] producing [TNF].
    TNF expressed_in macrophages
"""

TREATMENT = """
Patients with [psoriasis] were treated with [adalimumab].
    adalimumab treats psoriasis
Treatment of [psoriasis] with [adalimumab] was safe.
    adalimumab treats psoriasis
[adalimumab] is used for the treatment of [psoriasis].
    adalimumab treats psoriasis
[levodopa] is a treatment for [dementia].
    levodopa treats dementia
The efficacy of [adalimumab] in [psoriasis] was high.
    adalimumab treats psoriasis
[psoriasis] patients received [adalimumab].
    adalimumab treats psoriasis
[metformin] is approved for [diabetes].
    metformin treats diabetes
"""

NEGATION = """
[leptin] does not activate [AMPK].
    leptin activates AMPK negated
[leptin] did not activate [AMPK].
    leptin activates AMPK negated
[AMPK] is not activated by [leptin].
    leptin activates AMPK negated
[leptin] never activates [AMPK].
    leptin activates AMPK negated
[leptin] cannot activate [AMPK].
    leptin activates AMPK negated
[leptin] failed to activate [AMPK].
    leptin activates AMPK negated
[leptin] was unable to activate [AMPK].
    leptin activates AMPK negated
[leptin] was not able to activate [AMPK].
    leptin activates AMPK negated
[leptin] is unlikely to activate [AMPK].
    leptin activates AMPK negated speculative
Neither [leptin] nor [ghrelin] activates [AMPK].
    leptin activates AMPK negated
    ghrelin activates AMPK negated
[leptin] activates neither [AMPK] nor [mTOR].
    leptin activates AMPK negated
    leptin activates mTOR negated
[leptin] activates [STAT3] but not [AMPK].
    leptin activates STAT3
    leptin activates AMPK negated
[leptin] activates [STAT3] but does not activate [AMPK].
    leptin activates STAT3
    leptin activates AMPK negated
[TNF] promotes [angiogenesis] without activating [AMPK].
    TNF promotes angiogenesis
    TNF activates AMPK negated
[caffeine] had no effect on [glycolysis].
    caffeine regulates glycolysis negated
No effect of [caffeine] on [glycolysis] was seen.
    caffeine regulates glycolysis negated
There was no association between [CRP] and [asthma].
    CRP associated_with asthma negated
The lack of an association between [CRP] and [asthma] was unexpected.
    CRP associated_with asthma negated
[CRP] was not associated with [asthma].
    CRP associated_with asthma negated
It is not true that [leptin] activates [AMPK].
    leptin activates AMPK negated
None of the [leptin] variants was associated with [asthma].
    leptin associated_with asthma negated
[CRP] did not appear to be a marker of [sepsis].
    CRP marker_of sepsis negated speculative
[obesity] was not independently associated with [asthma].
    obesity associated_with asthma negated
Rather than inhibiting [AMPK], [leptin] activates [STAT3].
    leptin inhibits AMPK negated
    leptin activates STAT3
There was no evidence of an association between [leptin] and [asthma].
    leptin associated_with asthma negated
We did not find evidence for an effect of [leptin] on [AMPK].
    leptin regulates AMPK negated
No correlation was found between [leptin] and [asthma].
    leptin associated_with asthma negated
[CRP] levels were not different between [sepsis] patients and controls.
    CRP associated_with sepsis negated
[STAT3] was unaffected by [leptin].
    leptin regulates STAT3 negated
[neutrophils] were unresponsive to [leptin].
    leptin regulates neutrophils negated
[leptin] is dispensable for [erythropoiesis].
    leptin required_for erythropoiesis negated
[CRP] levels did not differ between patients with [sepsis] and controls.
    CRP associated_with sepsis negated
We did not observe that [leptin] activates [AMPK].
    leptin activates AMPK negated
There is no evidence that [caffeine] inhibits [angiogenesis].
    caffeine inhibits angiogenesis negated
[apoptosis] is independent of [p53].
    p53 required_for apoptosis negated
[EPO] is not required for [angiogenesis].
    EPO required_for angiogenesis negated
[ghrelin] is not an inhibitor of [mTOR].
    ghrelin inhibits mTOR negated
[albumin] is not expressed in [T cells].
    albumin expressed_in T cells negated
[leptin], but not [ghrelin], activates [AMPK].
    leptin activates AMPK
    ghrelin activates AMPK negated
[TNF] but not [IL-6] induced [apoptosis].
    TNF promotes apoptosis
    IL-6 promotes apoptosis negated
[CRP] is induced by [IL-6] but not by [TNF].
    IL-6 upregulates CRP
    TNF upregulates CRP negated
[leptin] but not [ghrelin] is required for [lipolysis].
    leptin required_for lipolysis
    ghrelin required_for lipolysis negated
[leptin] activates [STAT3] but not [AMPK], and [ghrelin] inhibits [mTOR].
    leptin activates STAT3
    leptin activates AMPK negated
    ghrelin inhibits mTOR
[leptin] neither activates [AMPK] nor inhibits [mTOR].
    leptin activates AMPK negated
    leptin inhibits mTOR negated
[leptin] does not activate [AMPK] nor inhibit [mTOR].
    leptin activates AMPK negated
    leptin inhibits mTOR negated
[TNF] is neither required for [apoptosis] nor for [autophagy].
    TNF required_for apoptosis negated
    TNF required_for autophagy negated
The failure of [leptin] to activate [STAT3] was seen.
    leptin activates STAT3 negated
[leptin] rather than [ghrelin] activates [AMPK].
    leptin activates AMPK
    ghrelin activates AMPK negated
[IL-6] is elevated in [sepsis] but not in [asthma].
    IL-6 associated_with sepsis
    IL-6 associated_with asthma negated
"""

NOT_DENIED = """
[leptin] not only activates [STAT3] but also inhibits [AMPK].
    leptin activates STAT3
    leptin inhibits AMPK
[leptin] activates not only [STAT3] but also [AMPK].
    leptin activates STAT3
    leptin activates AMPK
Not only [leptin] but also [ghrelin] activates [AMPK].
    leptin activates AMPK
    ghrelin activates AMPK
It is not surprising that [leptin] activates [STAT3].
    leptin activates STAT3
It is not known how [leptin] activates [STAT3].
    leptin activates STAT3
[leptin] activates [STAT3], which does not bind [AMPK].
    leptin activates STAT3
    STAT3 binds AMPK negated
[leptin] activates [STAT3] although it has no receptor here.
    leptin activates STAT3
The cells, which were not fed, showed that [leptin] activates [STAT3].
    leptin activates STAT3
[TNF]-induced [apoptosis] was not seen here.
    TNF promotes apoptosis
"""

SPECULATION = """
The effects of [leptin] on [macrophages] after treatment as previously reported were investigated.
    leptin regulates macrophages speculative
The role of [leptin] in [asthma] is not well characterized.
    leptin regulates asthma speculative
In May, [leptin] activated [AMPK].
    leptin activates AMPK
[leptin] may activate [AMPK].
    leptin activates AMPK speculative
[leptin] might activate [AMPK].
    leptin activates AMPK speculative
[AMPK] may be activated by [leptin].
    leptin activates AMPK speculative
[leptin] could be required for [angiogenesis].
    leptin required_for angiogenesis speculative
[leptin] could potentially activate [AMPK].
    leptin activates AMPK speculative
[leptin] possibly activates [AMPK].
    leptin activates AMPK speculative
[leptin] is thought to activate [AMPK].
    leptin activates AMPK speculative
[leptin] appears to activate [AMPK].
    leptin activates AMPK speculative
[leptin] is likely to activate [AMPK].
    leptin activates AMPK speculative
These data suggest that [leptin] activates [AMPK].
    leptin activates AMPK speculative
We propose that [leptin] activates [AMPK].
    leptin activates AMPK speculative
We hypothesized that [leptin] activates [AMPK].
    leptin activates AMPK speculative
Our results suggest a role of [leptin] in [asthma].
    leptin regulates asthma speculative
A potential role of [leptin] in [asthma] was discussed.
    leptin regulates asthma speculative
[leptin] is a putative activator of [AMPK].
    leptin activates AMPK speculative
The role of [leptin] in [asthma] is unclear.
    leptin regulates asthma speculative
The effect of [caffeine] on [glycolysis] remains unknown.
    caffeine regulates glycolysis speculative
It is unclear whether [leptin] activates [AMPK].
    leptin activates AMPK speculative
We asked if [leptin] activates [AMPK].
    leptin activates AMPK speculative
To investigate whether [leptin] activates [AMPK], mice were used.
    leptin activates AMPK speculative
We investigated the effect of [caffeine] on [glycolysis].
    caffeine regulates glycolysis speculative
Does [leptin] activate [AMPK]?
    leptin activates AMPK speculative
[leptin] may not activate [AMPK].
    leptin activates AMPK negated speculative
[leptin] activates [STAT3] and may inhibit [AMPK].
    leptin activates STAT3
    leptin inhibits AMPK speculative
[leptin] may inhibit [AMPK], whereas [ghrelin] activates [mTOR].
    leptin inhibits AMPK speculative
    ghrelin activates mTOR
[leptin] activates [STAT3], suggesting that [MDM2] binds [mTOR].
    leptin activates STAT3
    MDM2 binds mTOR speculative
Is [AMPK] activated by [leptin]?
    leptin activates AMPK speculative
These data suggest that [MDM2], which binds [p53], inhibits [mTOR].
    MDM2 binds p53
    MDM2 inhibits mTOR speculative
We investigated [MDM2], which may bind [p53].
    MDM2 binds p53 speculative
"""

FIRM = """
We studied [leptin], a hormone involved in [asthma].
    leptin regulates asthma
To study the role of [leptin] in [asthma]. Results: [IL-6] activates [STAT3].
    leptin regulates asthma speculative
    IL-6 activates STAT3
[leptin] activates [AMPK], and the role of [IL-6] is unknown.
    leptin activates AMPK
[leptin] correlates with [obesity], and the role of [IL-6] released from [macrophages] is unclear.
    leptin associated_with obesity
    IL-6 expressed_in macrophages speculative
Our results indicate that [leptin] activates [STAT3].
    leptin activates STAT3
We demonstrate that [leptin] activates [STAT3].
    leptin activates STAT3
These findings confirm that [leptin] activates [STAT3].
    leptin activates STAT3
[leptin] can activate [STAT3].
    leptin activates STAT3
[leptin] was able to inhibit [lipogenesis].
    leptin inhibits lipogenesis
We investigated how [LPS]-induced [IL-6] is cleared.
    LPS upregulates IL-6
The mechanism by which [leptin] activates [STAT3] is well understood.
    leptin activates STAT3
It is clear that [leptin] activates [STAT3].
    leptin activates STAT3
We studied [MDM2], which binds [p53].
    MDM2 binds p53
[leptin], unlike [ghrelin], inhibits [mTOR].
    leptin inhibits mTOR
"""

NOTHING_STATED = """
[STAT3] is activated by stress in a [JAK2]-dependent manner.
[leptin] and [ghrelin] are hormones.
[leptin], [ghrelin] and [insulin] were measured.
Levels of [leptin] and [insulin] were compared between groups.
[metformin] and [aspirin] were purchased from a vendor.
Cells were cultured with [IL-2] and [IL-12].
[IL-6] was measured with [TNF] by ELISA.
We studied [leptin] in [obesity].
The [leptin] gene lies near the [IL-6] gene.
[T cells] and [B cells] were isolated from [spleen].
Here we review [leptin], [ghrelin] and [insulin].
[p53] activates [p53].
[leptin] was measured; [STAT3] was activated.
[leptin] was sequenced, and [STAT3] was increased.
[mTOR] and [AMPK]
[leptin]: [STAT3].
[apoptosis] of [neurons] was counted.
A dose of [aspirin] was given to patients with [asthma] before surgery.
[liver] and [kidney] were weighed.
The [mTOR] pathway and the [AMPK] pathway were compared.
Table 2 lists [leptin], [STAT3] and [AMPK].
[macrophages] were stained for [CD64].
Protection of [neurons] from [apoptosis] was seen.
"""

PARTS = {
    "active": ACTIVE_VERBS,
    "passive": PASSIVE_VERBS,
    "nonfinite": GERUNDS_AND_INFINITIVES,
    "relative": RELATIVE_CLAUSES,
    "verbs": COORDINATED_VERBS,
    "adjective": ADJECTIVES,
    "noun": NOUNS_OF_EVENTS,
    "agent": AGENTS,
    "suffix": SUFFIXES,
    "flipped": FLIPPED_SIGNS,
    "chain": CHAINS,
    "coordination": COORDINATION,
    "apposition": APPOSITION_AND_LISTS,
    "expression": EXPRESSION_AND_LEVELS,
    "treatment": TREATMENT,
    "negation": NEGATION,
    "not denied": NOT_DENIED,
    "speculation": SPECULATION,
    "firm": FIRM,
    "nothing": NOTHING_STATED,
}
_STATEMENT = re.compile(
    rf" {{4}}(.+) ({'|'.join(Predicate)}) (.+?)( negated)?( speculative)?", re.ASCII
)

Statement = tuple[str, Predicate, str, bool, bool]


def _statement(line: str) -> Statement:
    match = _STATEMENT.fullmatch(line)
    assert match is not None, line
    subject, predicate, object_, negated, speculative = match.groups()
    return _in_order((subject, Predicate(predicate), object_, bool(negated), bool(speculative)))


def _in_order(statement: Statement) -> Statement:
    subject, predicate, object_, *flags = statement
    if predicate.symmetric:
        subject, object_ = sorted((subject, object_))
    return (subject, predicate, object_, flags[0], flags[1])


def _cases() -> list[tuple[str, str, list[Statement]]]:
    cases: list[tuple[str, str, list[Statement]]] = []
    for part, text in PARTS.items():
        for line in text.strip().splitlines():
            if line.startswith(" "):
                cases[-1][2].append(_statement(line))
            else:
                cases.append((part, line, []))
    return cases


CASES = _cases()


def _stated(evidence: tuple[Evidence, ...]) -> list[Statement]:
    return sorted(
        _in_order((one.subject.text, one.predicate, one.object.text, one.negated, one.speculative))
        for one in evidence
    )


@pytest.mark.parametrize(
    ("marked", "expected"),
    [one[1:] for one in CASES],
    ids=[f"{part}: {marked}" for part, marked, _ in CASES],
)
def test_a_sentence_states(read: Read, marked: str, expected: list[Statement]) -> None:
    assert _stated(read(marked)) == sorted(expected)


@pytest.mark.parametrize("offset", [0, 17, 1000])
@pytest.mark.parametrize("marked", [one[1] for one in CASES if one[2]])
def test_the_trigger_stands_where_it_is_said_to(
    read: Read,
    mark: Callable[..., tuple[str, tuple[Mention, ...]]],
    marked: str,
    offset: int,
) -> None:
    text, mentions = mark(marked, offset)
    found = read(marked, offset)
    for one in found:
        assert text[one.start - offset : one.end - offset] == one.trigger != ""
        assert one.subject in mentions
        assert one.object in mentions
        assert 0 < one.confidence <= 1
    assert _stated(found) == _stated(read(marked))


def test_the_sentences_are_of_every_kind() -> None:
    assert len(CASES) >= 150
    assert len({marked for _, marked, _ in CASES}) == len(CASES)
    assert {one[1] for _, _, stated in CASES for one in stated} == set(Predicate)


def test_every_rule_reads_one(read: Read) -> None:
    methods = {one.method for _, marked, _ in CASES for one in read(marked)}
    assert {"verb", "passive", "adjective", "agent", "noun", "suffix", "means"} <= methods


@pytest.mark.parametrize(
    ("marked", "trigger"),
    [
        ("[leptin] activates [STAT3].", "activates"),
        ("[STAT3] is not activated by [leptin].", "activated"),
        ("[EPO] is essential for [erythropoiesis].", "essential"),
        ("[leptin] is able to activate [STAT3].", "activate"),
        ("[rapamycin] is an inhibitor of [mTOR].", "inhibitor"),
        ("[LPS]-induced [IL-6] was measured.", "induced"),
        ("Inhibition of [mTOR] by [rapamycin] was seen.", "Inhibition"),
    ],
)
def test_the_trigger_is_the_word_that_states_it(read: Read, marked: str, trigger: str) -> None:
    assert [one.trigger for one in read(marked)] == [trigger]


def test_what_is_said_twice_is_one_piece_of_evidence(read: Read) -> None:
    found = read("[leptin] activates [STAT3], and [leptin] activates [STAT3] again.")
    assert len(found) == 1


def test_what_binds_is_read_in_one_direction(read: Read) -> None:
    found = read("[MDM2] binds [p53], and [p53] binds [MDM2].")
    assert len(found) == 1


def test_the_surer_predicate_stands_over_an_association(read: Read) -> None:
    marked = "[IL-17] is associated with [psoriasis], and [IL-17] exacerbates [psoriasis]."
    assert [one.predicate for one in read(marked)] == [Predicate.PROMOTES]


@pytest.mark.parametrize("marked", ["", "[leptin]", "[leptin] activates it.", "It activates that."])
def test_less_than_two_mentions_state_nothing(read: Read, marked: str) -> None:
    assert read(marked) == ()


def test_a_process_that_is_only_an_aspect_is_read_as_the_word(read: Read) -> None:
    (found,) = read("[miR-21] reduces the [expression] of [PTEN].")
    assert (found.predicate, found.object.text) == (Predicate.DOWNREGULATES, "PTEN")


def test_readers_of_the_same_table_have_the_same_sha256(reader: AssertionReader) -> None:
    assert AssertionReader().table_sha256 == reader.table_sha256
    assert re.fullmatch("[0-9a-f]{64}", reader.table_sha256)
