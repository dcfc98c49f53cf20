"""The ports that tests of one machine share: none is given to two of them."""

import os
import subprocess
import sys
import unittest

import case  # noqa: F401: adds tests/support to the path

from programs import free_ports

# Asks three times, tells, and lives until its stdin ends.
ASKER = """
import sys
from programs import free_ports
print(*(free_ports(3) for _ in range(3)), flush=True)
sys.stdin.read()
"""


class Ports(unittest.TestCase):

    def asker(self):
        process = subprocess.Popen([sys.executable, "-c", ASKER], text=True,
                                   env=os.environ | {"PYTHONPATH": sys.path[0]},
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.communicate)
        return process

    def test_no_two_living_processes_are_given_the_same(self):
        askers = [self.asker() for _ in range(20)]
        bases = [int(base) for asker in askers for base in asker.stdout.readline().split()]
        bases += [free_ports(12), free_ports(12)]
        ports = {base + number for base in bases for number in range(1, 4)}
        self.assertEqual(len(ports), 62 * 3)


if __name__ == "__main__":
    unittest.main()
