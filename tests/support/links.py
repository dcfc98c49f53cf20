"""What links do to messages, computed anew from their words (rules 5.2 to 5.4), against the rows."""

from fractions import Fraction

import model


class Links:
    """The links of one trial by name: what each does to each message."""

    def __init__(self, scenario, seed):
        self.seed = seed
        self.network = scenario["network"]
        self.ids = {name: id for id, name in enumerate(model.names_of(scenario), start=1)}
        self.own = {(link["from"], link["to"]): link for link in self.network["links"]}

    def rules(self, sender, receiver):
        return {**self.network, **self.own.get((sender, receiver), {})}

    def reorders(self, sender, receiver):
        return self.rules(sender, receiver)["reorder"]

    def delays(self, sender, receiver, message):
        """The delays of a message's copies, in nanoseconds: none when it is lost."""
        rules = self.rules(sender, receiver)
        link = (self.ids[sender] << 32) + self.ids[receiver]
        words = [model.word(self.seed, model.LINK, link, 4 * message + i) for i in range(4)]
        if happens(rules["loss"], words[0]):
            return []
        delays = [delay_of(rules["delay"], words[1])]
        if happens(rules["duplicate"], words[2]):
            delays.append(delay_of(rules["delay"], words[3]))
        return delays


def happens(probability, word):
    return (word >> 11) < Fraction(probability) * 2**53


def delay_of(delay, word):
    """Rule 5.2."""
    if not isinstance(delay, dict):
        return model.nanoseconds(delay)
    times = [model.nanoseconds(time) for time in delay.get("uniform") or delay["quantiles"]]
    if "uniform" in delay:
        low, high = times
        return low + model.uniform64(word, high - low + 1)
    place = word * (len(times) - 1)
    step, fraction = place >> 64, place & model.MASK
    return times[step] + ((times[step + 1] - times[step]) * fraction >> 64)


def check_mishaps(links, replays, crashed):
    """Rule 2.7: exactly the copies that the words say are lost or doubled have their rows."""
    problems = []
    for sender, replay in replays.items():
        dropped, duplicated = [], []
        for message, row in replay.sends.items():
            for receiver in row.peers:
                copies = len(links.delays(sender, receiver, message))
                dropped += [(receiver, message)] * (copies == 0)
                duplicated += [(receiver, message)] * (copies == 2)
        for name, expected in ("dropped", dropped), ("duplicated", duplicated):
            found = getattr(replay, name)
            if sender in crashed:  # Its trace may end between a send and its copies.
                expected = expected[:len(found)]
            if found != expected:
                problems.append(f"{sender}: {name} are {found}, expected {expected}")
    return problems


def check_delays(links, replays):
    """Rule 5.4, live: nobody receives a message before its delay is over."""
    problems = []
    for receiver, replay in replays.items():
        copies = {}
        for row in replay.received:
            sender = row.peers[0]
            send = replays[sender].sends.get(row.message)
            delays = links.delays(sender, receiver, row.message)
            if send is None or not delays:
                continue  # Told already.
            copy = copies[sender, row.message] = copies.get((sender, row.message), -1) + 1
            delay = min(delays) if links.reorders(sender, receiver) else delays[:copy + 1][-1]
            if row.arrived_us < send.time_us + delay // 1000:
                problems.append(f"{receiver}: message {row.message} of {sender} arrived at "
                                f"{row.arrived_us}, sent at {send.time_us} with {delay} ns")
    return problems


def check_arrivals(links, replays):
    """Rules 5.2, 5.3, virtual: every copy arrives when the words say, and in that order."""
    problems = []
    for sender, replay in replays.items():
        for receiver in {peer for row in replay.sends.values() for peer in row.peers}:
            expected = arrivals(links, replay, sender, receiver)
            found = [(row.arrived_us, row.message) for row in
                     replays[receiver].received + replays[receiver].left if row.peers == [sender]]
            if found != expected:
                problems.append(f"{receiver}: messages of {sender} arrived {found}, "
                                f"expected {expected}")
    return problems


def arrivals(links, replay, sender, receiver):
    """(microsecond, message) of every copy on a link, by arrival, message and copy."""
    last = 0
    copies = []
    for message, row in replay.sends.items():
        for delay in links.delays(sender, receiver, message) if receiver in row.peers else []:
            arrival = replay.vm.due_ns(row.tick) + max(1, delay)
            if not links.reorders(sender, receiver):
                arrival = last = max(arrival, last)
            copies.append((arrival, message))
    return [(time // 1000, message) for time, message in sorted(copies)]
