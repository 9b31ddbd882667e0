"""Real processes under `kill -9`: nothing answered is lost, doubled or shown in another order."""
