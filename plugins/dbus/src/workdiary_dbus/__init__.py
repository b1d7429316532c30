"""D-Bus for plugins of Linux desktops: a connection, and what others may call on it. No plugin by itself."""
