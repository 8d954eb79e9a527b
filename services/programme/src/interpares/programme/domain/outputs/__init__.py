"""The chapter on what comes out of meetings and reviews, and on the checks that outlive the programme."""
