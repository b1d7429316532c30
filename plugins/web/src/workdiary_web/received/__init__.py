"""A received export in the browser: what its verification found, and the answer to it."""
