"""The steps of `action.yml`; run by the runner, not imported."""
