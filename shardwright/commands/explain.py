"""`shardwright explain`: the page of a diagnostic code."""

from __future__ import annotations

import re
import sys
from importlib.resources import files
from importlib.resources.abc import Traversable

import click

PAGES = "codes"  # shardwright/codes is docs/codes, in the repository and in an installed package

NAME = re.compile(r"([EW]\d{4})\.md")


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Print the page of a diagnostic CODE such as E1102; without a code, list all of them."""
    pages = _pages()
    if code is None:
        click.echo(_listing(pages), nl=False)
    else:
        _show(_page(code.upper(), pages))


def _pages() -> dict[str, Traversable]:
    folder = files("shardwright") / PAGES
    found = {match[1]: page for page in folder.iterdir() if (match := NAME.fullmatch(page.name))}
    return dict(sorted(found.items()))


def _page(code: str, pages: dict[str, Traversable]) -> str:
    if code in pages:
        return pages[code].read_text(encoding="utf-8")
    family = [known for known in pages if known[:2] == code[:2]]
    hint = (
        f"; the codes {code[:2]} are {', '.join(family)}" if family else "; `shardwright explain` lists them"
    )
    raise click.UsageError(f"there is no code `{code}`{hint}")


def _listing(pages: dict[str, Traversable]) -> str:
    """Code and title of every page, one a line: the first line of a page is `# CODE: title`."""
    titles = [
        page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for page in pages.values()
    ]
    return "".join(f"{title}\n" for title in titles)


def _show(text: str) -> None:
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
