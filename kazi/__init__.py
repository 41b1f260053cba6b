"""The command `kazi`: settings, and the processes it starts."""
