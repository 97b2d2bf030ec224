"""What numba does with a kernel: only those of its passes that straight arithmetic on arrays needs.

A kernel has no closures, no `with`, no strings, no array expressions; nothing in it is unrolled, inlined or
pruned by its types.  Each pass numba would make for such things walks through every line all the same, and
works out anew afterwards which variables live where: a quarter of what compiling costs.  And every `+` is
asked for its type by itself, over and over: the answers for one function are remembered while it is typed.
What is left is what numba would have done to these lines, so the machine code is the same.
(numba's manual, "Customizing the compiler".)
"""

from __future__ import annotations

from typing import Any

from numba.core import compiler, compiler_machinery, typed_passes

SPARED = {
    "IRProcessing", "WithLifting", "InlineClosureLikes", "RewriteSemanticConstants", "DeadBranchPrune",
    "GenericRewrites", "RewriteDynamicRaises", "MakeFunctionToJitFunction", "InlineInlinables",
    "FindLiterallyCalls", "LiteralUnroll", "LiteralPropagationSubPipelinePass", "InlineOverloads",
    "NopythonRewrites", "NoPythonSupportedFeatureValidation", "DumpParforDiagnostics",
}  # fmt: skip
"""Passes for what no kernel contains; one that this numba does not have is spared too."""

CompilerBase: Any = compiler.CompilerBase
Whole: Any = compiler.Compiler
TypeInference: Any = typed_passes.NopythonTypeInference
PassManager: Any = compiler_machinery.PassManager
register_pass: Any = compiler_machinery.register_pass


class _Remembering:
    """A typing context that answers the same question once."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._known: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def resolve_function_type(self, function: Any, args: Any, kws: Any) -> Any:
        """The signature with which a function is called for arguments of these types."""
        asked = function, tuple(args), tuple(sorted(kws.items()))
        if asked not in self._known:
            self._known[asked] = self._context.resolve_function_type(function, args, kws)
        return self._known[asked]

    def resolve_setitem(self, target: Any, index: Any, value: Any) -> Any:
        """The signature with which a value is written into an array."""
        asked = "setitem", target, index, value
        if asked not in self._known:
            self._known[asked] = self._context.resolve_setitem(target, index, value)
        return self._known[asked]


@register_pass(mutates_CFG=True, analysis_only=False)
class RememberingInference(TypeInference):
    """Finds the types of a function's variables; every operation is looked up once for each of its types."""

    _name = "remembering_type_inference"

    def run_pass(self, state: Any) -> bool:
        """Let numba infer the types with a context that remembers."""
        context = state.typingctx
        state.typingctx = _Remembering(context)
        try:
            return bool(super().run_pass(state))
        finally:
            state.typingctx = context


class Straight(CompilerBase):
    """The compiler of all kernels, given to numba's decorators as `pipeline_class`."""

    def define_pipelines(self) -> list[Any]:
        """Numba's own passes in numba's order, without those spared."""
        [whole] = Whole.define_pipelines(self)
        passes = PassManager("kernel")
        for each, about in whole.passes:
            if each is TypeInference:
                each = RememberingInference
            if each.__name__ not in SPARED:
                passes.add_pass(each, about)
        passes.finalize()
        return [passes]
