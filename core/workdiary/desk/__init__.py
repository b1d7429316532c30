"""What a person may ask of the diary: views of it, and changes to it, with or without a running tracker."""
