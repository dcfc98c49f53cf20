"""An attacker of a VM's data socket: ZMTP 3.0 spoken by hand over plain TCP, and worse things.

Frames are those of docs/formats.md, wire. Nothing of libzmq is used, so that also what libzmq
would never send can be sent.
"""

import contextlib
import random
import socket
import struct
import threading

DATA, HELLO, END = 1, 2, 3

GREETING = (b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0"
            + bytes(31))


def frame(kind=DATA, sender=1, number=1, link_number=1, tag=0, stamp=1, rest=b"", extensions=0):
    """A data socket's frame; every field may be wrong."""
    return (struct.pack("<BBHIQ", 0xDB, 1 << 4 | kind, extensions, sender, number)
            + link_number.to_bytes(6, "little") + struct.pack("<HQ", tag, stamp) + rest)


def hello(sender, endpoint, tag=0):
    return frame(HELLO, sender, number=0, link_number=0, tag=tag, stamp=0, rest=endpoint.encode())


def zmtp(body, more=False):
    """A ZMTP message frame."""
    if len(body) < 256:
        return bytes([1 if more else 0, len(body)]) + body
    return bytes([3 if more else 2]) + struct.pack(">Q", len(body)) + body


def ready(socket_type):
    kind = socket_type.encode()
    body = b"\x05READY" + b"\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind
    return b"\x04" + bytes([len(body)]) + body


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("the peer closed the connection")
        data += part
    return data


def read_zmtp(connection):
    """The next ZMTP frame: (flags, body)."""
    flags = read_exactly(connection, 1)[0]
    length = read_exactly(connection, 8 if flags & 2 else 1)
    return flags, read_exactly(connection, int.from_bytes(length, "big"))


def handshake(connection, socket_type):
    connection.sendall(GREETING)
    read_exactly(connection, len(GREETING))
    connection.sendall(ready(socket_type))
    read_zmtp(connection)


@contextlib.contextmanager
def plain(port):
    """A TCP connection. That the victim hangs up on us is one of its good answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with contextlib.suppress(ConnectionError, TimeoutError):
            yield connection


@contextlib.contextmanager
def pusher(port):
    """A connection that has shaken hands as a PUSH socket does."""
    with plain(port) as connection:
        handshake(connection, "PUSH")
        yield connection


def push(port, frames):
    """Sends each frame as a message of its own, and waits until the victim has read them."""
    with pusher(port) as connection:
        for body in frames:
            connection.sendall(zmtp(body))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass


def mutated(chance, clocks=0):
    """A frame that was sound but for some flipped bytes, a cut or a tail. With `clocks` numbers
    of other clocks behind it, or a few more or less, and bits that may fit them."""
    if clocks and chance.random() < 0.7:
        numbers = clocks + chance.choice((0, 0, 0, -1, 1, -2))
        words = [chance.choice((0, 1, 1 << 53, (1 << 64) - 1)) for _ in range(numbers)]
        return frame(DATA, chance.randrange(5), chance.randrange(4), chance.randrange(4),
                     chance.randrange(1 << 16), 1, struct.pack(f"<{numbers}Q", *words),
                     chance.choice((3, 3, 3, 0, 1, 2, 7)))
    body = bytearray(frame(chance.choice((DATA, HELLO, END)), chance.randrange(5),
                           chance.randrange(4), chance.randrange(4), chance.randrange(1 << 16),
                           chance.choice((0, 1, 1 << 53, (1 << 64) - 1))))
    for _ in range(chance.randrange(4)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    length = chance.choice((len(body), len(body), chance.randrange(len(body))))
    return bytes(body[:length]) + chance.randbytes(chance.choice((0, 0, 0, 8, 200)))


def send_mutated(port, count, seed, clocks=0):
    """Random frames, half of them near to sound ones. None may be taken for a message: whoever
    reads the trace afterwards checks that every receive has its send."""
    chance = random.Random(seed)
    push(port, (mutated(chance, clocks) if chance.random() < 0.5 else
                chance.randbytes(chance.randrange(100)) for _ in range(count)))


def send_too_long(port, length=5000):
    """A frame that is longer than any of ours: libzmq hangs up on it, and nobody else sees it."""
    push(port, [bytes(length)] * 3)


def send_multipart(port, parts):
    """One message of many frames: a limit on the size of one does not bound it."""
    with pusher(port) as connection:
        for _ in range(parts):
            connection.sendall(zmtp(bytes(1000), more=True))
        connection.sendall(zmtp(frame()))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass


def declare_huge(port, size=1 << 30):
    """Announces a frame of a gigabyte and sends a little of it."""
    with pusher(port) as connection:
        connection.sendall(b"\x02" + struct.pack(">Q", size) + bytes(100000))


def speak_http(port):
    with plain(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)


def speak_tls(port):
    """The beginning of a TLS 1.2 client hello."""
    body = b"\x01\x00\x01\xfc\x03\x03" + bytes(506)
    with plain(port) as connection:
        connection.sendall(b"\x16\x03\x01" + struct.pack(">H", len(body)) + body)


def send_noise(port, seed):
    """Bytes without any handshake: libzmq may take them for the greeting of an old version."""
    with plain(port) as connection:
        connection.sendall(random.Random(seed).randbytes(64 * 1024))


def reset_after_ping(port):
    """Aborts a libzmq whose receiver has a high-water mark: many frames, a PING, a reset."""
    with pusher(port) as connection:
        connection.sendall(zmtp(b"") * 1500 + b"\x04\x07\x04PING\x00\x01")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def crowd(port, count):
    """Many connections at once, half of them silent; returns how many were taken."""
    with contextlib.ExitStack() as open_ones:
        taken = 0
        for number in range(count):
            with contextlib.suppress(OSError):
                connection = socket.create_connection(("127.0.0.1", port), timeout=20)
                open_ones.enter_context(connection)
                if number % 2:
                    connection.sendall(GREETING)
                taken += 1
        return taken


class Peer:
    """Plays a VM: listens as a PULL socket, and pushes the frames that a test makes up."""

    def __init__(self, id):
        self.id = id
        self.heard = []  # frames that the VM has sent us
        self._connections = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        for connection in [self._server, *self._connections]:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self._connections.append(connection)
                threading.Thread(target=self._listen, args=(connection,), daemon=True).start()

    def _listen(self, connection):
        with contextlib.suppress(OSError):
            handshake(connection, "PULL")
            while True:
                flags, body = read_zmtp(connection)
                if not flags & 4:
                    self.heard.append(body)

    def hello(self):
        return hello(self.id, self.endpoint)

    def data(self, count, **fields):
        """This sender's sound message number `count`, but for the fields given."""
        return frame(**{"sender": self.id, "number": count, "link_number": count,
                        "stamp": count} | fields)

    def end(self, last):
        return frame(END, self.id, number=0, link_number=last, stamp=0)
