"""One capture through its stages, in a process of its own: pixels never enter the tracker."""
