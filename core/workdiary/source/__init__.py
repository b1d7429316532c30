"""For plugins that watch a desktop: what their sources have in common. Nothing here looks at one."""
