"""Documents with a patch applied: the part of RFC 6902 that repairs use (`add` and `test`)."""

from __future__ import annotations

from copy import copy
from typing import Any

from shardwright.grammar.tree import pointer_tokens


def patched(document: Any, patch: list[dict[str, Any]]) -> Any:
    """A changed copy, which shares what has not changed.

    Raises ValueError where a `test` does not hold or a path leads nowhere.
    """
    result = copy(document)
    own = {id(result)}
    for operation in patch:
        *above, last = pointer_tokens(operation["path"])
        holder = result
        for token in above:
            below = _inside(holder, token)
            if operation["op"] != "test" and id(below) not in own:
                below = copy(below)
                own.add(id(below))
                holder[int(token) if isinstance(holder, list) else token] = below
            holder = below
        if operation["op"] == "test":
            if _inside(holder, last) != operation["value"]:
                raise ValueError(f"{operation['path']} is something else")
        elif isinstance(holder, list):
            holder.insert(len(holder) if last == "-" else int(last), operation["value"])
        else:
            holder[last] = operation["value"]
    return result


def _inside(holder: Any, token: str) -> Any:
    try:
        return holder[int(token)] if isinstance(holder, list) else holder[token]
    except (KeyError, IndexError, ValueError, TypeError):
        raise ValueError(f"there is no `{token}`") from None
