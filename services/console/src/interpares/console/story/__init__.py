"""Stories the demo tells: whole programmes, played by clients that know no more than any client would."""
