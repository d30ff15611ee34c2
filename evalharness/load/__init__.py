"""Where files come in: path -> text -> plain data -> noun, with all problems of all files at once."""

from __future__ import annotations

from evalharness.load.asked import Asked, named, nothing, told, with_missions
from evalharness.load.config import find_root, lay_over, read_config
from evalharness.load.examples import own_questions, unanswered, without_examples
from evalharness.load.project import Loaded, Project, find_project, load_project
from evalharness.load.starter import starter_folder
from evalharness.model.nouns import EXAMPLE

__all__ = [
    "EXAMPLE",
    "Asked",
    "Loaded",
    "Project",
    "find_project",
    "find_root",
    "lay_over",
    "load_project",
    "named",
    "nothing",
    "own_questions",
    "read_config",
    "starter_folder",
    "told",
    "unanswered",
    "with_missions",
    "without_examples",
]
