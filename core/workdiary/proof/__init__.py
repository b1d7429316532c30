"""The export of a week, and its verification by someone who trusts nobody."""
