"""Tables and states by reference.

Numba hands tuples over by value: with some sixty arrays a call costs more than what it does, and takes
long to compile. So kernels take references.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.experimental import structref

from shardwright.solver.search import tables
from shardwright.solver.search.compiled import kernel


class _Fields(types.StructRef):
    def preprocess_fields(self, fields: Any) -> Any:
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


# Numba's cache finds these types by their names in this module.
@structref.register
class AloneFields(_Fields): ...


@structref.register
class ShapeFields(_Fields): ...


@structref.register
class MetersFields(_Fields): ...


@structref.register
class CompanyFields(_Fields): ...


@structref.register
class UseFields(_Fields): ...


@structref.register
class TablesFields(_Fields): ...


@structref.register
class StateFields(_Fields): ...


class AloneRef(structref.StructRefProxy): ...


class ShapeRef(structref.StructRefProxy): ...


class MetersRef(structref.StructRefProxy): ...


class CompanyRef(structref.StructRefProxy): ...


class UseRef(structref.StructRefProxy): ...


class TablesRef(structref.StructRefProxy): ...


class StateRef(structref.StructRefProxy): ...


structref.define_proxy(AloneRef, AloneFields, list(tables.Alone._fields))
structref.define_proxy(ShapeRef, ShapeFields, list(tables.Shape._fields))
structref.define_proxy(MetersRef, MetersFields, list(tables.Meters._fields))
structref.define_proxy(CompanyRef, CompanyFields, list(tables.Company._fields))
structref.define_proxy(UseRef, UseFields, list(tables.Use._fields))
structref.define_proxy(TablesRef, TablesFields, list(tables.Tables._fields))
structref.define_proxy(StateRef, StateFields, list(tables.State._fields))


def by_reference(t: tables.Tables, state: tables.State) -> tuple[Any, Any]:
    """Tables and a state as kernels take them; the arrays are the same."""
    return _tables(t), _state(state)


@kernel
def _tables(t: tables.Tables) -> Any:
    return TablesRef(
        t.floor,
        t.ceiling,
        t.pinned,
        t.fixed,
        AloneRef(*t.alone),
        ShapeRef(*t.shape),
        MetersRef(*t.meters),
        CompanyRef(*t.company),
        UseRef(*t.use),
        t.open_start,
        t.open,
    )


@kernel
def _state(state: tables.State) -> Any:
    return StateRef(*state)
