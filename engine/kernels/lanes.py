"""Small whole numbers that stay small: numba widens them to 64 bits, which halves how many go abreast."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic as numba_intrinsic

intrinsic: Any = numba_intrinsic


@intrinsic
def either(typing_context: Any, a: Any, b: Any) -> Any:
    """The bits that are set in a or in b, both of the type of a."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.or_(*arguments)

    return a(a, a), generate


@intrinsic
def noted(typing_context: Any, fired: Any, wrong: Any, alone: Any) -> Any:
    """1 if a neuron fired, 2 more if something is wrong with it, 4 more if it is left alone, as int32."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        i32 = ir.IntType(32)
        first, second, third = (builder.zext(argument, i32) for argument in arguments)
        return builder.or_(builder.or_(first, builder.shl(second, i32(1))), builder.shl(third, i32(2)))

    return types.int32(types.boolean, types.boolean, types.boolean), generate


GROUP = 16
"""Marks that are looked at together; an array of them has a whole number of groups."""


@intrinsic
def any_marked(typing_context: Any, marks: Any, begin: Any) -> Any:
    """Whether any mark of the group that begins there is set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        wide = ir.VectorType(ir.IntType(32), GROUP)
        first = builder.bitcast(builder.gep(array.data, [arguments[1]]), wide.as_pointer())
        group = builder.load(first, align=4)
        each = builder.icmp_unsigned("!=", group, ir.Constant(wide, None))
        bits = ir.IntType(GROUP)
        return builder.icmp_unsigned("!=", builder.bitcast(each, bits), bits(0))

    return types.boolean(marks, types.int64), generate
