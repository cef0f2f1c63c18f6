"""`extends`: what a policy takes from the policy it extends.

- `name`, `extends` and `description` are a policy's own and never inherited. All else is, `enabled` too:
  a child of a disabled policy is disabled unless it says `"enabled": true`.
- Objects merge key by key, also within; any other value of the child replaces the parent's.
- Lists replace, but where both have `conditions` of the form {"all": [...]}, the child's items are
  appended to the parent's. Other `conditions` replace as a whole.
- An object of selector operators ({"in": [...]}) is one value and replaces as a whole.
- `null` takes away an inherited key.

Trees are merged, not plain data, so that every value keeps the place of the file it came from.
"""

from __future__ import annotations

from shardwright.grammar.selectors import OPERATORS
from shardwright.grammar.tree import Array, Leaf, Member, Node, Object

OWN_KEYS = ("name", "extends", "description")


def inherit(parent: Object, child: Object) -> Object:
    """The child with what it takes from its (already merged) parent."""
    inherited = tuple(member for member in parent.members if member.key not in OWN_KEYS)
    return _merge_objects(Object(parent.place, inherited), child)


def _merge_objects(parent: Object, child: Object) -> Object:
    own = {member.key: member for member in child.members}
    above = {member.key: member for member in parent.members}
    merged = [_merge_member(member, own.get(member.key)) for member in parent.members]
    added = [member for member in child.members if member.key not in above]
    return Object(child.place, tuple(member for member in [*merged, *added] if member is not None))


def _merge_member(parent: Member, child: Member | None) -> Member | None:
    if child is None:
        return parent
    if isinstance(child.value, Leaf) and child.value.value is None:
        return None
    merge = _merge_conditions if child.key == "conditions" else _merge_values
    return Member(child.key, child.key_place, merge(parent.value, child.value))


def _merge_values(parent: Node, child: Node) -> Node:
    if not isinstance(parent, Object) or not isinstance(child, Object):
        return child
    if _is_one_value(parent) or _is_one_value(child):
        return child
    return _merge_objects(parent, child)


def _is_one_value(node: Object) -> bool:
    return bool(node.members) and all(member.key in OPERATORS for member in node.members)


def _merge_conditions(parent: Node, child: Node) -> Node:
    above, below = _conjunction(parent), _conjunction(child)
    if above is None or below is None or not isinstance(child, Object):
        return child
    member = child.members[0]
    items = Array(below.place, above.items + below.items)
    return Object(child.place, (Member("all", member.key_place, items),))


def _conjunction(node: Node) -> Array | None:
    """The items of {"all": [...]}, None for any other condition."""
    if isinstance(node, Object) and len(node.members) == 1 and node.members[0].key == "all":
        value = node.members[0].value
        return value if isinstance(value, Array) else None
    return None
