"""Just enough WebSocket for a client, pure: bytes in, frames out."""

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FINAL = 0x80
MASK = bytes(4)  # a zero mask: what is sent is what was meant, and masking costs nothing


def handshake(*, host: str, path: str, origin: str = "", cookie: str = "") -> bytes:
    """The request that opens a socket. The key may be any: nobody checks the answer to it."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        *([f"Origin: {origin}"] if origin else []),
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One whole frame from a client; shorter than 64 kB."""
    size = len(payload)
    if size < 126:
        return bytes((FINAL | opcode, 0x80 | size)) + MASK + payload
    return bytes((FINAL | opcode, 0x80 | 126)) + size.to_bytes(2) + MASK + payload


def frames(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames that a server sent, as (opcode, payload), and what is left over."""
    found, start, end = [], 0, len(data)
    while end - start >= 2:
        size, body = data[start + 1], start + 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            size, body = int.from_bytes(data[body : body + wide]), body + wide
        if body + size > end:
            break
        if not data[start] & FINAL:
            raise ValueError("a server of ours sends no fragments")
        found.append((data[start] & 15, data[body : body + size]))
        start = body + size
    return found, data[start:]
