"""A rule written in the program as a model file of this project, to be put into the folder of its stage."""

from __future__ import annotations

import ast
import json
import re

from engine import written


def as_model_file(definition: written.Definition) -> str:
    """The same rule as a model file of this project, to be put into the folder of its stage."""
    made = written.declare(definition)
    slug = re.sub(r"_[0-9a-f]{10}$", "", made.slug)
    kind = written.STAGES[made.stage].__name__
    declared = {"trace": made.traces, "field": made.fields, "role": made.roles}
    words = sorted({"param", *(word for word, things in declared.items() if things)})
    called = sorted(
        {
            node.func.id
            for hook in made.hooks
            for node in ast.walk(made.source_of(hook))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("clip", "where")
        }
    )
    about = (made.about() or f"{made.label}: a rule written in the editor.").strip()
    lines = [f'"""{about}"""', "", f"from engine.declare import {', '.join([kind, *called, *words])}", "", ""]
    name = "".join(word.title() for word in slug.split("_"))
    lines.append(f'class {name}({kind}, slug="{slug}", label={json.dumps(made.label)}, family="Written"):')
    body = [f"formula = {json.dumps(made.formula)}", ""] if made.formula else []
    choosers = {one.chosen_by for one in made.roles.values()}
    for key, one in made.params.items():
        if key in choosers:
            continue  # every role brings its own
        told = ", ".join(
            [repr(one.default), json.dumps(one.unit), f"({one.low!r}, {one.high!r})", json.dumps(one.doc)]
        )
        body.append(f"{key} = param({told}, source={json.dumps(one.source)})")
    for key, trace in made.traces.items():
        near = ", nearest=True" if trace.nearest else ""
        body.append(f'{key} = trace("{trace.owner}", tau="{trace.tau}", doc={json.dumps(trace.doc)}{near})')
    for key, kept in made.fields.items():
        slow = ", slow=True" if kept.slow else ""
        body.append(f"{key} = field({kept.init!r}, {json.dumps(kept.unit)}, {json.dumps(kept.doc)}{slow})")
    for key, heard in made.roles.items():
        tau = f', tau="{heard.tau}"' if heard.tau else ""
        area = ", has_area=True" if heard.has_area else ""
        body.append(f'{key} = role("{heard.substance}"{tau}, doc={json.dumps(heard.doc)}{area})')
    for hook in made.hooks:
        tree = made.source_of(hook)
        body += ["", "@staticmethod", *ast.unparse(ast.fix_missing_locations(tree)).splitlines()]
    lines += [f"    {line}" if line else "" for line in body]
    return "\n".join(lines) + "\n"
