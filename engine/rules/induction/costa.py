"""Where learning is stored: depression makes release rarer, potentiation raises release and response.

Costa, Froemke, Sjostrom & van Rossum (2015) eLife 4:e09457, doi:10.7554/eLife.09457; numbers of the authors'
code (ModelDB 184487).  The weight is P q: release probability times quantal amplitude.
"""

from engine.declare import Induction, choice, param, trace


class Costa(Induction, slug="costa", label="Pre- and postsynaptic STDP", family="Locus of expression"):
    formula = (
        "dP = eta_p (-d_minus y- y+ + d_plus y+ x+)  at pre,   dq = eta_q c_plus x+ y-  at post;   w = P q"
    )
    presets = {
        "published": {"eta_p": 0.15, "eta_q": 0.15},
        "Sjostrom's protocol": {"eta_p": 0.2, "eta_q": 1.25},
        "without CB1 receptors": {"cb1": "blocked"},
        "without nitric oxide": {"nitric_oxide": "blocked"},
    }

    eta_p = param(
        0.2,
        "",
        (0, 100),
        "Gain of presynaptic changes; depends on the protocol.",
        source="tuned to Sjostrom 2001",
    )
    eta_q = param(
        1.25,
        "",
        (0, 100),
        "Gain of postsynaptic changes; depends on the protocol.",
        source="tuned to Sjostrom 2001",
    )
    d_minus = param(0.1771, "", (0, 100), "Presynaptic depression.", source="ModelDB 184487")
    d_plus = param(0.1548, "", (0, 100), "Presynaptic potentiation.", source="ModelDB 184487")
    c_plus = param(0.0618, "", (0, 100), "Postsynaptic potentiation.", source="ModelDB 184487")
    tau_y_minus = param(
        32.7, "ms", (0.1, 1e5), "Memory of post spikes (endocannabinoid).", source="ModelDB 184487"
    )
    tau_y_plus = param(
        230.2, "ms", (0.1, 1e5), "Slow memory of post spikes (nitric oxide).", source="ModelDB 184487"
    )
    tau_x_plus = param(66.6, "ms", (0.1, 1e5), "Memory of pre spikes (glutamate).", source="ModelDB 184487")
    q_max = param(
        2.0, "", (1e-6, 1e6), "Greatest quantal amplitude in the paper's units; w_max in the weight's.",
        source="ModelDB 184487",
    )  # fmt: skip
    p_start = param(
        0.5,
        "",
        (0, 1),
        "Release probability before learning, where short-term plasticity names none.",
        source="our choice: half, where eta_p and eta_q were tuned to Sjostrom 2001",
    )
    cb1 = choice(
        "there",
        ("there", "blocked"),
        "CB1 receptors: without them no presynaptic depression.",
        source="our choice: an untreated slice",
    )
    nitric_oxide = choice(
        "there",
        ("there", "blocked"),
        "Nitric oxide: without it no presynaptic potentiation.",
        source="our choice: an untreated slice",
    )

    x_plus = trace("pre", tau="tau_x_plus", doc="Recent presynaptic spikes.")
    y_minus = trace("post", tau="tau_y_minus", doc="Recent postsynaptic spikes.")
    y_plus = trace("post", tau="tau_y_plus", doc="Slow memory of postsynaptic spikes.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        down = (1.0 - p.cb1) * p.d_minus * post.y_minus * post.y_plus
        up = (1.0 - p.nitric_oxide) * p.d_plus * post.y_plus * pre.x_plus
        syn.dP += p.eta_p * (up - down)

    @staticmethod
    def on_post(syn, pre, post, p):
        step = p.w_max / p.q_max * p.eta_q * p.c_plus * pre.x_plus * post.y_minus
        syn.dq += min(step, max(p.w_max - syn.q, 0.0))
