"""Git as it is: owned by somebody else, checked out in part, called from a hook: what the commit holds counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalharness.errors import InputError
from evalharness.load.git import Git
from tests.examples import examples
from tests.repository import BETTER, WEAK, Repository
from tests.support import many


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Two questions with an answer each."""
    made = Repository(tmp_path / "answers", many(2))
    monkeypatch.chdir(made.root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return made


def attempts(repository: Repository) -> list[Path]:
    return sorted(repository.root.glob("cases/**/2026-*.md"))


def test_what_a_sparse_checkout_leaves_out_is_not_deleted(repository: Repository) -> None:
    """The commit still holds these answers, so nothing is said to be gone."""
    first, second = attempts(repository)
    first.write_text(BETTER, encoding="utf-8")
    repository.commit()
    whole = repository.check()
    folder = first.parent.relative_to(repository.root).as_posix()
    repository.git("sparse-checkout", "set", "--no-cone", "/*", f"!/{second.relative_to(repository.root).as_posix()}")
    question = repository.write(f"{folder}/question.yaml", (first.parent / "question.yaml").read_text() + "# x\n")

    part = repository.check(out="part")

    assert question.exists()
    assert not second.exists()
    assert part[0] == whole[0]
    assert "deleted" not in repository.comment("part")


def test_an_attempt_left_out_by_a_sparse_checkout_is_still_checked(repository: Repository) -> None:
    """What a change brings is read from Git where the working tree lacks it."""
    first, _ = attempts(repository)
    first.write_text(WEAK, encoding="utf-8")
    repository.commit()
    repository.git("sparse-checkout", "set", "--no-cone", "/*", f"!/{first.relative_to(repository.root).as_posix()}")
    assert not first.exists()

    code, _ = repository.check("--min-score", "3")

    assert code == 1
    assert "deleted" not in repository.comment()


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_NAMESPACE GIT_PREFIX "
            "GIT_EXTERNAL_DIFF GIT_DIFF_OPTS GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS GIT_CEILING_DIRECTORIES "
            "GIT_TRACE GIT_LITERAL_PATHSPECS GIT_GLOB_PATHSPECS GIT_ATTR_SOURCE GIT_NO_REPLACE_OBJECTS LANGUAGE".split()
        ),
        st.sampled_from(["", "1", "nonsense", "/nonexistent/x", "-1", ".git/worktrees/other"]),
        min_size=1,
    )
)
def test_no_variable_of_git_changes_what_it_says(repository: Repository, variables: dict[str, str]) -> None:
    """A hook of a linked worktree gets a handful of them, which speak of another folder."""
    clean = Git(repository.root)
    head, files = clean.commit("HEAD"), clean.tree("main")

    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        told = Git(repository.root)

        assert (told.commit("HEAD"), told.tree("main")) == (head, files)


def test_a_hook_of_a_linked_worktree_sees_its_own_files(repository: Repository, tmp_path: Path) -> None:
    """`check` in a hook fails what it fails by hand."""
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "--quiet", "-b", "other", str(linked))
    attempt = next(iter(sorted(linked.glob("cases/**/2026-*.md"))))
    attempt.write_text(WEAK, encoding="utf-8")
    command = f"{sys.executable} -m evalharness check --base main --min-score 3 --out {tmp_path / 'out'}"
    hook = repository.root / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nPYTHONPATH='{Path.cwd()}' {command}\necho code $?\n", encoding="utf-8")
    hook.chmod(0o755)
    names = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    done = subprocess.run(
        ["git", "commit", "-am", "weak"],
        cwd=linked,
        env={**os.environ, **names, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )

    assert "code 1" in done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_another_user_is_not_called_none(repository: Repository) -> None:
    """Git's own reason and remedy are passed on."""
    os.chown(repository.root, 65534, 65534)
    os.chown(repository.root / ".git", 65534, 65534)

    with pytest.raises(InputError, match="owned by another user") as refused:
        Git(repository.root)

    assert "safe.directory" in refused.value.hint


def test_a_broken_link_to_a_repository_is_told_in_gits_words(tmp_path: Path) -> None:
    """A worktree whose repository went away is not "no repository"."""
    (tmp_path / ".git").write_text("gitdir: /nonexistent/worktrees/x\n", encoding="utf-8")

    with pytest.raises(InputError, match="can't read the repository"):
        Git(tmp_path)


def test_where_there_is_no_repository_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain case keeps its plain words."""
    with pytest.raises(InputError, match="is not in a Git repository") as caught:
        Git(tmp_path)
    assert caught.value.hint.endswith("git init")


def test_an_object_that_a_partial_clone_lacks_is_told(repository: Repository) -> None:
    """No traceback for a content that is not there."""
    with pytest.raises(InputError, match="does not hold the object"):
        list(Git(repository.root).contents(["0" * 40]))


@pytest.mark.parametrize("name", ["main", "origin/main", "main~0", "origin"])
def test_a_tag_named_like_the_base_is_not_the_base(repository: Repository, name: str) -> None:
    """Whoever may push a tag could bring the state that a change is held against: the branch counts."""
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    base = Git(repository.root).commit("main")
    attempts(repository)[0].write_text(WEAK, encoding="utf-8")
    repository.commit()
    repository.git("update-ref", f"refs/tags/{name.removesuffix('~0')}", "HEAD")

    git = Git(repository.root)

    assert git.merge_base(name, "HEAD") == base
    assert git.tag_beside(name.removesuffix("~0"))
    assert git.commit(f"refs/tags/{name.removesuffix('~0')}") != base


def test_a_check_says_that_a_tag_has_the_name_of_its_base(repository: Repository) -> None:
    """The answer still fails, and the notice says why the tag was passed over."""
    attempts(repository)[0].write_text(WEAK, encoding="utf-8")
    repository.commit()
    repository.git("tag", "main", "HEAD")

    code, _ = repository.check("--min-score", "3")

    assert code == 1
    assert "is a branch and a tag; the base is the branch" in repository.comment()


def test_a_replaced_commit_is_still_the_base(repository: Repository) -> None:
    """`git replace` puts another state in the place of the base's; the base stays what its id says."""
    before = Git(repository.root).tree("main")
    attempts(repository)[0].write_text(WEAK, encoding="utf-8")
    repository.commit()
    repository.git("replace", "main", "HEAD")

    assert Git(repository.root).tree("main") == before


def test_two_branches_of_one_name_are_told_apart_or_refused(repository: Repository) -> None:
    """A branch here that is called like one of a remote: only a full name says which is meant."""
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    repository.commit()
    repository.git("update-ref", "refs/heads/origin/main", "HEAD")
    git = Git(repository.root)

    with pytest.raises(InputError, match="'origin/main' is ambiguous"):
        git.commit("origin/main")
    assert git.commit("refs/remotes/origin/main") == git.commit("main")

    repository.git("tag", "next", "HEAD")
    repository.git("update-ref", "refs/remotes/origin/next", "main")
    with pytest.raises(InputError, match="'next' is ambiguous"):
        git.commit("next")
