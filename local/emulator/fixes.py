"""What errors tell the user to do."""

START_ANEW = "`npm run local -- reset` deletes the local state, then deploy and load again"
