"""The plugin host. ``manager.Plugins`` is its only door; ``workdiary.hooks`` is the contract."""
