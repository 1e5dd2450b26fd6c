"""A published list held against the community: our firms on it, what is new, changed or gone, who may be ours."""
