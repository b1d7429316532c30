"""How the processes of one user find each other: the lock that one tracker holds, and the way to its socket."""
