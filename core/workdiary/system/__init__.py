"""What differs between POSIX and Windows below Python: directories, processes that we lead, limits, locks."""
