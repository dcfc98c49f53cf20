"""What must hold between the traces of one trial: every receive has its send (rules 2.4, 2.5, 5.1),
and every copy is accounted for (rule 7.2)."""

from collections import Counter

LINK_COUNTS = ("sent", "duplicated", "received", "left", "dropped", "refused", "lost")


def arrivals(replay):
    return replay.received + replay.left


def check_receives(replays, stamp, reorders=lambda sender, receiver: False):
    """Every message that reached a VM was sent to it before, with that stamp, and in order."""
    problems = []
    for receiver, replay in replays.items():
        last = Counter()
        for row in arrivals(replay):
            problems += one_receive(replays, receiver, row, stamp)
            sender = row.peers[0]
            if row.message < last[sender] and not reorders(sender, receiver):
                problems.append(f"{receiver}: message {row.message} of {sender} overtook another")
            last[sender] = row.message
        problems += repeated(replays, receiver)
    return problems


def one_receive(replays, receiver, row, stamp):
    sender = row.peers[0]
    where = f"{receiver}: message {row.message} of {sender}"
    sends = replays[sender].sends if sender in replays else {}
    send = sends.get(row.message)
    if send is None or receiver not in send.peers:
        return [f"{where} was received but never sent to it"]
    problems = []
    carried = send.clock if stamp == "after" else send.clock - 1  # Rule 2.4
    if row.stamp != carried:
        problems.append(f"{where} carries {row.stamp}, sent with {carried}")
    same_clock = replays[sender].expected.start_unix_us is not None
    if same_clock and row.arrived_us < send.time_us:
        problems.append(f"{where} arrived at {row.arrived_us}, before {send.time_us}")
    return problems


def repeated(replays, receiver):
    """No copy arrives twice, but for the copies that a link made (rule 5.2)."""
    copies = Counter((row.peers[0], row.message) for row in arrivals(replays[receiver]))
    made = Counter((sender, message) for sender, replay in replays.items()
                   for to, message in replay.duplicated if to == receiver)
    return [f"{receiver}: message {message} of {sender} arrived {count} times"
            for (sender, message), count in copies.items() if count > 1 + made[sender, message]]


def count_links(replays, links):
    """Rule 7.2, from the rows alone: {(from, to): counts}."""
    counts = {link: dict.fromkeys(LINK_COUNTS, 0) for link in links}
    problems = []

    def add(link, name):
        if link in counts:
            counts[link][name] += 1
        else:
            problems.append(f"{link[0]} to {link[1]}: a message without a link")

    for vm, replay in replays.items():
        for row in replay.sends.values():
            for peer in row.peers:
                add((vm, peer), "sent")
        for name in ("duplicated", "dropped", "refused"):
            for peer, _ in getattr(replay, name):
                add((vm, peer), name)
        for name in ("received", "left"):
            for row in getattr(replay, name):
                add((row.peers[0], vm), name)
    for count in counts.values():
        ends = sum(count[name] for name in ("received", "left", "dropped", "refused"))
        count["lost"] = count["sent"] + count["duplicated"] - ends
    return counts, problems


def unaccounted(counts, crashed):
    """A message may be lost only on a link of a VM that crashed, and none may come from nowhere."""
    problems = []
    for (source, to), count in counts.items():
        if count["lost"] < 0 or (count["lost"] > 0 and not {source, to} & crashed):
            problems.append(f"{source} to {to}: {count['lost']} messages unaccounted")
    return problems
