"""The gallery: one small living circuit per module, each with a question it answers.

A module here is an example when it has `build() -> Network`.  Besides, it declares

- `TEXT`: title, what it is, do this, watch this, why, and what its switch takes away (`off`);
- `point(sim) -> (measured, expected, tolerance)`: what it shows, as a number, after `SECONDS` of run;
- `control(net) -> Network`: the same circuit without the mechanism, which must miss the point;
- `SPEED`: how fast it opens (1.0 is real time, None as fast as possible), and `LAYOUT`, how it is framed
  and which `plot` comes to the front.

Examples import `engine` and nothing else, so each is also a script to copy from.
"""
