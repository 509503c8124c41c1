"""Raw objects made rows, ids and quarantined records in a run's staging."""
