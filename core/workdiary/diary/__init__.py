"""From entries to diary, bill and statement: pure functions, the same for every face and for the verifier."""
