"""`shardwright policy list`: what a store holds."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from shardwright import exit_codes, options, store_options

Pair = tuple[str, str | None]


def _pair(ctx: click.Context, param: click.Parameter, value: str | None) -> Pair | None:
    if value is None:
        return None
    key, equals, text = value.partition("=")
    if not equals and param.name == "scope":
        raise click.BadParameter("write KEY=VALUE")
    return key, text if equals else None


@click.command("list")
@store_options.store
@click.option("--type", "kind", metavar="TYPE", help="Only policies of this type.")
@click.option("--state", metavar="STATE", help="Only draft, active, suspended or retired ones.")
@click.option("--label", metavar="KEY[=VALUE]", callback=_pair, help="Only policies with this label.")
@click.option(
    "--scope",
    metavar="KEY=VALUE",
    callback=_pair,
    help="Only policies that may speak about shards with this label (or `group`, or `id`).",
)
@store_options.at
@click.option("--after", default="", metavar="NAME", help="Only names after this one.")
@options.limit("--limit", "N", "At most so many.")
@options.shape("human", "json")
def command(
    store: str,
    kind: str | None,
    state: str | None,
    label: Pair | None,
    scope: tuple[str, str] | None,
    at: str | None,
    after: str,
    limit: int | None,
    shape: str,
) -> int:
    """List the policies of a store by name, as they are now or as they were."""
    from shardwright.keeping.listing import Filter, listed
    from shardwright.keeping.source import shown_time
    from shardwright.output import print_json
    from shardwright.report.console import show
    from shardwright.report.listing import list_document, list_page
    from shardwright.store.open import read_store

    wanted = Filter(_type(kind), _state(state), label, scope, after, limit)
    with read_store(store) as opened:
        moment = store_options.moment_of(opened, at)
        found = list(listed(opened, wanted, moment))
        time = shown_time(opened, moment, datetime.now(UTC))
        number = opened.number
    if shape == "json":
        print_json(list_document(found, number, time))
    else:
        show(list_page(found, number, time, moment))
    return exit_codes.OK


def _type(kind: str | None) -> str | None:
    from shardwright.policies.models.envelope import TYPES

    return _one_of(kind, TYPES, "--type")


def _state(state: str | None) -> str | None:
    from shardwright.store.changes import STATES

    return _one_of(state, STATES, "--state")


def _one_of(word: str | None, words: tuple[str, ...], option: str) -> str | None:
    if word is not None and word not in words:
        raise click.BadParameter(f"`{word}` is none of {', '.join(words)}", param_hint=f"'{option}'")
    return word
