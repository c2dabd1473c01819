"""Where the classroom listens: on this machine only. A port is taken before anything heavy is loaded, or compiled for a minute."""

from __future__ import annotations

import socket

ADDRESS = "127.0.0.1"


def take(port: int = 0) -> socket.socket:
    """Return a socket that holds a port of :data:`ADDRESS`.

    Args:
        port: Which; 0 takes any that is free.

    Raises:
        OSError: If the port is taken.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((ADDRESS, port))
        # Held by name alone, it would be given to whoever asks next.
        held.listen()
    except OSError:
        held.close()
        raise
    return held
