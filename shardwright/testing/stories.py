"""From paths to stories, with a placed error for everything that is none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from pydantic import ValidationError

from shardwright.grammar.diagnostics import Diagnostic
from shardwright.grammar.limits import DEFAULT_LIMITS
from shardwright.grammar.parser import parse_document
from shardwright.grammar.places import Place, Source
from shardwright.grammar.tree import Node, Object
from shardwright.policies.checks.say import problem
from shardwright.policies.checks.shape import About, shape_errors
from shardwright.policies.load import in_order
from shardwright.policies.models.words import kind_of
from shardwright.policies.read import Kind, Text, read_paths
from shardwright.testing.models import FileModel, StoryModel

YAML = (".yaml", ".yml")
STORIES = Kind("stories", (".json", *YAML), "E2603")
# A JSON file in a folder of stories that has one of these is a policy, a snapshot or a placement.
OTHER_DOCUMENTS = frozenset({"type", "actions", "extends", "nodes", "shards", "placement"})


@dataclass(frozen=True)
class Story:
    """`tree` is the story's own text, `shared` that of its file; places are in the file that states it."""

    file: str
    model: StoryModel
    common: FileModel
    tree: Object
    shared: Object

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def place(self) -> Place:
        return self.tree.find("/name").place

    @property
    def folder(self) -> str:
        """The folder that the paths of the story start from."""
        return os.path.dirname(self.file)

    def stated(self, key: str) -> Node | None:
        """The story's own value of a key, else its file's."""
        own = self.tree.child(key)
        return own if own is not None else self.shared.child(key)


def read_stories(paths: Sequence[str]) -> tuple[list[Story], list[Diagnostic]]:
    """The stories of files and folders in the order of file names and lines, and what is wrong with files."""
    texts, problems = read_paths(paths, DEFAULT_LIMITS, STORIES)
    stories: list[Story] = []
    found = len(problems)
    for text in texts:
        if text.name in paths or not _is_another_document(text):
            stories += _stories(text, problems)
    if not stories and len(problems) == found == 0:
        problems.append(_none(paths[0]))
    return stories, problems


def _none(path: str) -> Diagnostic:
    endings = ", ".join(f"*{ending}" for ending in STORIES.endings)
    message = f"no stories in `{path}`: none of its files ({endings}) has the key `stories`"
    return problem("E2603", message, Place(Source(path, ""), 0, 0))


def _is_another_document(text: Text) -> bool:
    """Policies and snapshots may lie beside the stories that use them."""
    if text.name.endswith(YAML):
        return False
    try:
        keys = msgspec.json.decode(text.text.encode(), type=dict[str, msgspec.Raw])
    except msgspec.MsgspecError:
        return text.text.lstrip().startswith("[")
    except UnicodeEncodeError:
        return False
    return "stories" not in keys and not OTHER_DOCUMENTS.isdisjoint(keys)


def _stories(text: Text, problems: list[Diagnostic]) -> list[Story]:
    tree, found = _parse(text)
    problems += found
    if tree is None or found:
        return []
    if not isinstance(tree, Object):
        message = f"expected an object with the key `stories`, got {kind_of(tree.plain())}"
        problems.append(problem("E1201", message, tree.place, "not a story file"))
        return []
    try:
        model = FileModel.model_validate(tree.plain())
    except ValidationError as error:
        problems += in_order(shape_errors(error, About(tree, None, FileModel, "the story file")))
        return []
    return _unequal(list(_each(text.name, model, tree)), problems)


def _parse(text: Text) -> tuple[Node | None, list[Diagnostic]]:
    if text.name.endswith(YAML):
        from shardwright.testing.yaml import parse_yaml

        return parse_yaml(text.text, text.name)
    return parse_document(text.text, text.name)


def _each(file: str, model: FileModel, tree: Object) -> Iterator[Story]:
    for at, story in enumerate(model.stories):
        own = tree.find(f"/stories/{at}")
        assert isinstance(own, Object)
        yield Story(file, story, model, own, tree)


def _unequal(stories: list[Story], problems: list[Diagnostic]) -> list[Story]:
    """The stories without those whose name another one of the file has."""
    named: dict[str, Story] = {}
    for story in stories:
        first = named.setdefault(story.name, story)
        if first is not story:
            message = f"two stories have the name `{story.name}`"
            others = [(first.place, "first here")]
            problems.append(problem("E2602", message, story.place, "again here", others=others))
    return list(named.values())
