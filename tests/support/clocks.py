"""Vector and hybrid clocks computed anew from the rows (rules 2.4, 4.2, 4.3).

What a message carried is not in the receiver's row: it is taken from the row of its send, or,
under `stamp: before`, from the row before that one in the sender's trace.
"""

TICK_EVENTS = ("internal", "send", "receive")


def check_clocks(replays, names, stamp):
    """Every row of every trace shows the clocks that the events before it give."""
    if not any(replay.trace.clocks for replay in replays.values()):
        return []
    carried = {name: carried_by(replay.trace, len(names), stamp)
               for name, replay in replays.items()}
    problems = []
    for name, replay in replays.items():
        problems += check_trace(replay.trace, names.index(name), len(names), carried)
    return problems


def carried_by(trace, count, stamp):
    """The clocks that each of a VM's messages carries, by its number."""
    carried = {}
    before = beginning(count)
    for row in trace.rows:
        if row.event == "send":
            carried[row.message] = before if stamp == "before" else shown(row)
        before = shown(row)
    return carried


def beginning(count):
    return {"vector": (0,) * count, "hybrid": (0, 0)}


def shown(row):
    return {"vector": row.vector, "hybrid": row.hybrid}


def check_trace(trace, own, count, carried):
    problems = []
    clocks = beginning(count)
    for line, row in enumerate(trace.rows, start=2):
        message = None
        if row.event == "receive":
            message = carried.get(row.peers[0], {}).get(row.message)
            if message is None:
                continue  # A receive without a send, which is told already.
        if row.event in TICK_EVENTS:
            clocks = {"vector": vector_after(clocks["vector"], own, message),
                      "hybrid": hybrid_after(clocks["hybrid"], row.wall_us, message)}
        for name in trace.clocks:
            found, expected = getattr(row, name), clocks[name]
            if found != expected:
                problems.append(f"{trace.path.name}:{line}: {name} is {found}, "
                                f"expected {expected}")
                clocks[name] = found  # Once is enough.
    return problems


def vector_after(vector, own, message):
    """Rule 4.2."""
    if message and message["vector"]:
        vector = tuple(map(max, vector, message["vector"]))
    return vector[:own] + (vector[own] + 1,) + vector[own + 1:]


def hybrid_after(hybrid, physical_us, message):
    """Rule 4.3: the latest of the times; the count goes on where that time was known already."""
    known = [hybrid]
    if message and message["hybrid"]:
        known.append(message["hybrid"])
    time = max(physical_us, *(one[0] for one in known))
    return time, max((one[1] + 1 for one in known if one[0] == time), default=0)
