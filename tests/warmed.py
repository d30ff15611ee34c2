"""Importing this imports everything else: for a server of forks that can be told nothing but what to import."""

from tests.pages.serving import warm_up

warm_up()
