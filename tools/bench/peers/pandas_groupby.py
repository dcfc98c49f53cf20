"""What a notebook does first with traces: reads them and groups their rows. Tells what it cost from
there on where pandas is imported.

A file after the other, and each is forgotten before the next is read: to pandas' advantage."""

import json
import resource
import sys
import time

import pandas


def group(path):
    """The number of rows."""
    frame = pandas.read_csv(path)
    grouped = frame.groupby(["vm", "event"]).agg(
        rows=("tick", "size"), clock=("clock", "max"), queue=("queue", "mean"))
    return int(grouped["rows"].sum())


def main():
    begun, begun_cpu = time.monotonic(), time.process_time()
    rows = sum(group(path) for path in sys.argv[1:])
    print(json.dumps({
        "program": f"pandas {pandas.__version__}",
        "rows": rows,
        "seconds": time.monotonic() - begun,
        "cpu_seconds": time.process_time() - begun_cpu,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
