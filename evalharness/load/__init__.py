"""Where files come in: path -> text -> plain data -> noun, with all problems of all files at once."""

from __future__ import annotations

from evalharness.load.asked import Asked, named, told, with_missions
from evalharness.load.config import find_root, read_config
from evalharness.load.project import Loaded, Project, find_project, load_project
from evalharness.load.starter import starter_folder

__all__ = [
    "Asked",
    "Loaded",
    "Project",
    "find_project",
    "find_root",
    "load_project",
    "named",
    "read_config",
    "starter_folder",
    "told",
    "with_missions",
]
