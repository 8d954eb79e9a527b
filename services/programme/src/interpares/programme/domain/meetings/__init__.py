"""The chapter on meetings: asked for or owed, planned, agreed by two sides, confirmed at a gate, held or cancelled."""
