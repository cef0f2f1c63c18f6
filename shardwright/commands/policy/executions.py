"""`shardwright policy executions`: what was solved with the policies of a store."""

from __future__ import annotations

import json
from itertools import islice

import click

from shardwright import exit_codes, options, store_options


@click.command("executions")
@click.argument("name", required=False)
@store_options.store
@options.limit("--id", "N", "One execution whole, with its result.")
@options.limit("--limit", "N", "At most so many, the last first.", default=20)
@options.shape("human", "json")
def command(name: str | None, store: str, id: int | None, limit: int, shape: str) -> int:
    """List executions, the last first; with NAME what each said of this policy."""
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.executions import execution_document, execution_page, executions_page
    from shardwright.store.open import read_store

    if id is not None and name is not None:
        raise click.UsageError("--id N or NAME, not both")
    with read_store(store) as opened:
        if id is not None:
            row = opened.execution(id)
            content = opened.content(row.result)
            result = None if content is None else json.loads(content.data)
        else:
            rows = list(islice(opened.executions(name), limit))
    if id is not None:
        document = {**execution_document(row), "result": result}
        print_json(document) if shape == "json" else show(execution_page(row))
    elif shape == "json":
        print_json({"executions": [execution_document(row) for row in rows]})
    else:
        show(executions_page(rows))
    return exit_codes.OK
