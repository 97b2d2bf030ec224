"""Calcium rule: both spikes let calcium in; a little calcium weakens the synapse, much strengthens it.

Graupner & Brunel (2012) PNAS 109:3991-3996, doi:10.1073/pnas.1109359109, with the noise of the correction.
The weight is w0 + rho (w1 - w0) with w1 = w_max and w0 = w_max / b.  Between two spikes calcium only decays,
so the times at which it crosses its thresholds are logarithms and rho is integrated exactly from one to the
next; the drift between its two stable states, exact by itself, is split around that.  Noise may carry rho
beyond 0 and 1; the weight stays within its bounds.
"""

from math import erf, exp, log, sqrt

from engine.declare import INFINITY, Induction, choice, clip, field, normal, param, where


def _set(tau_ca, c_pre, c_post, theta_p, gamma_d, gamma_p, sigma, tau, d, beta=0.5, b=5.0):
    """One row of the published table; tau in s."""
    return dict(
        tau_ca=tau_ca, c_pre=c_pre, c_post=c_post, theta_d=1.0, theta_p=theta_p, gamma_d=gamma_d,
        gamma_p=gamma_p, sigma=sigma, tau=1000.0 * tau, d=d, beta=beta, b=b,
    )  # fmt: skip


class GraupnerBrunel(Induction, slug="graupner_brunel", label="Calcium rule", family="Calcium"):
    late = "d"
    formula = (
        "tau rho' = -rho (1 - rho)(1/2 - rho) + gamma_p (1 - rho) [c > theta_p] - gamma_d rho [c > theta_d] "
        "+ noise,   c' = -c/tau_ca + c_pre (pre, d later) + c_post (post)"
    )
    presets = {
        "DP": _set(20.0, 1.0, 2.0, 1.3, 200.0, 321.808, 2.8284, 150.0, 13.7),
        "DPD": _set(20.0, 0.9, 0.9, 1.3, 250.0, 550.0, 2.8284, 150.0, 4.6),
        "DPD'": _set(20.0, 1.0, 2.0, 2.5, 50.0, 600.0, 2.8284, 150.0, 2.2),
        "P": _set(20.0, 2.0, 2.0, 1.3, 160.0, 257.447, 2.8284, 150.0, 0.0),
        "D": _set(20.0, 0.6, 0.6, 1.3, 500.0, 550.0, 5.6568, 150.0, 0.0),
        "D'": _set(20.0, 1.0, 2.0, 3.5, 60.0, 600.0, 2.8284, 150.0, 0.0),
        "hippocampal slices": _set(
            48.8373, 1.0, 0.275865, 1.3, 313.0965, 1645.59, 9.1844, 688.355, 18.8008, 0.7, 5.28145
        ),
        "hippocampal cultures": _set(
            11.9536, 0.58156, 1.76444, 1.3, 61.141, 113.6545, 2.5654, 33.7596, 10.0, 0.5, 36.0263
        ),
        "cortical slices": _set(
            22.6936, 0.5617539, 1.23964, 1.3, 331.909, 725.085, 3.3501, 346.3615, 4.6098, 0.5, 5.40988
        ),
    }

    tau_ca = param(20.0, "ms", (0.1, 1e4), "Decay of calcium.", source="authors' code, set DP")
    c_pre = param(1.0, "", (0, 100), "Calcium of a presynaptic spike.", source="authors' code, set DP")
    c_post = param(2.0, "", (0, 100), "Calcium of a postsynaptic spike.", source="authors' code, set DP")
    theta_d = param(1.0, "", (1e-6, 1e3), "Calcium above which the synapse weakens.", source="authors' code")
    theta_p = param(
        1.3, "", (1e-6, 1e3), "Calcium above which it strengthens.", source="authors' code, set DP"
    )
    gamma_d = param(200.0, "", (1e-9, 1e6), "Speed of depression.", source="authors' code, set DP")
    gamma_p = param(321.808, "", (1e-9, 1e6), "Speed of potentiation.", source="authors' code, set DP")
    sigma = param(2.8284, "", (0, 1e3), "Noise while above a threshold.", source="authors' code, set DP")
    tau = param(
        150000.0, "ms", (1, 1e9), "Time constant of the efficacy rho.", source="authors' code, set DP"
    )
    d = param(
        13.7, "ms", (0, 1000), "How long after a presynaptic spike its calcium enters.",
        source="authors' code, set DP",
    )  # fmt: skip
    b = param(
        5.0, "", (1.001, 1e4), "Weight of a strong synapse over that of a weak one.", source="authors' code"
    )
    beta = param(
        0.5, "", (0, 1), "Share of synapses that start weak; for the curve only.", source="authors' code"
    )
    bistable = choice(
        "yes",
        ("yes", "no"),
        "Whether rho drifts to 0 or 1 by itself.",
        source="Graupner & Brunel 2012, eq. 1; their curves of change are computed without it",
    )

    c = field(0.0, "", "Calcium.", limits=(0, INFINITY))
    rho = field(0.0, "", "Efficacy: 0 weak, 1 strong; noise may carry it beyond both.", slow=True)

    @staticmethod
    def on_late(syn, p):
        syn.c += p.c_pre

    @staticmethod
    def on_post(syn, post, p):
        syn.c += p.c_post * post.bap

    @staticmethod
    def between(syn, p, dt):
        weak = p.w_max / p.b
        span = p.w_max - weak
        if abs(syn.w - clip(weak + syn.rho * span, p.w_min, p.w_max)) > 1e-6 * p.w_max:
            syn.rho = (syn.w - weak) / span  # new, or changed by something else
        above_p = where(syn.c > p.theta_p, p.tau_ca * log(max(syn.c, p.theta_p) / p.theta_p), 0.0)
        above_d = where(syn.c > p.theta_d, p.tau_ca * log(max(syn.c, p.theta_d) / p.theta_d), 0.0)
        above_p = min(above_p, dt)
        above_d = min(above_d, dt)
        both = min(above_p, above_d)
        one = max(above_p, above_d) - both
        drift = where(p.bistable == 0, 0.5 / p.tau, 0.0)

        off = syn.rho - 0.5
        off = off / sqrt(4.0 * off * off + (1.0 - 4.0 * off * off) * exp(-drift * 0.5 * (both + one)))
        syn.rho = 0.5 + off
        if one + both > 0.0:
            speed = p.gamma_p + p.gamma_d
            left = exp(-speed * both / p.tau)
            goal = p.gamma_p / speed
            spread = p.sigma * sqrt((1.0 - left * left) / speed)
            syn.rho = goal + (syn.rho - goal) * left + spread * normal()
            goal = where(above_p > above_d, 1.0, 0.0)
            speed = where(above_p > above_d, p.gamma_p, p.gamma_d)
            left = exp(-speed * one / p.tau)
            spread = p.sigma * sqrt(0.5 * (1.0 - left * left) / speed)
            syn.rho = goal + (syn.rho - goal) * left + spread * normal()
        off = syn.rho - 0.5
        off = off / sqrt(4.0 * off * off + (1.0 - 4.0 * off * off) * exp(-drift * (dt - 0.5 * (both + one))))
        syn.rho = 0.5 + off
        syn.c = syn.c * exp(-dt / p.tau_ca)
        syn.dw += clip(weak + syn.rho * span, p.w_min, p.w_max) - syn.w

    @staticmethod
    def window(dt, p):
        """Mean change of many synapses by 60 pairs at 1 Hz, `dt` = t_post - t_pre (ms)."""
        gap = abs(dt - p.d)
        first, second = (p.c_pre, p.c_post) if dt > p.d else (p.c_post, p.c_pre)
        second += first * exp(-gap / p.tau_ca)
        shares = []
        for theta in (p.theta_p, p.theta_d):
            early = min(gap, p.tau_ca * log(max(first / theta, 1.0)))
            shares.append((early + p.tau_ca * log(max(second / theta, 1.0))) / 1000.0)
        up, down = p.gamma_p * shares[0], p.gamma_d * shares[1]
        if up + down <= 0.0:
            return 0.0
        goal = up / (up + down)
        left = exp(-60000.0 * (up + down) / p.tau)
        spread = p.sigma * sqrt((shares[0] + shares[1]) / (up + down) * (1.0 - left * left))
        rise = goal * (1.0 - left) - 0.5
        fall = 0.5 - goal - (1.0 - goal) * left
        if spread > 0.0:
            rise, fall = (0.5 * (1.0 + erf(x / spread)) for x in (rise, fall))
        else:
            rise, fall = float(rise > 0.0), float(fall > 0.0)
        weak, strong = p.beta, 1.0 - p.beta
        after = (1.0 - rise) * weak + fall * strong + p.b * (rise * weak + (1.0 - fall) * strong)
        return p.w_max / p.b * (after - weak - p.b * strong)
