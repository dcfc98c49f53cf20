"""Whether two samples can come from the same distribution: exact tests, in integers.

A p-value is the probability of samples that differ at least as much, when they do come from one
distribution. Both tests draw nothing and assume no shape of that distribution.
"""

from bisect import bisect_right
from fractions import Fraction
from math import comb


def distance(first, second):
    """The Kolmogorov-Smirnov statistic of two samples of n values, times n: the largest difference
    between how many of each are at most x, over all x."""
    assert len(first) == len(second)
    first, second = sorted(first), sorted(second)
    return max(abs(bisect_right(first, x) - bisect_right(second, x)) for x in first + second)


def distance_p_value(first, second):
    """Two samples of the same size differ in any way. Equal values make the test more careful.

    The formula is that of Gnedenko and Korolyuk (1951): paths of 2n steps that stray at least k.
    """
    n, k = len(first), distance(first, second)
    if k == 0:
        return 1.0
    paths = sum((-1) ** (j + 1) * comb(2 * n, n - j * k) for j in range(1, n // k + 1))
    return float(Fraction(2 * paths, comb(2 * n, n)))


def sign_flip_p_value(differences, allowance=0):
    """The mean of paired differences is further from 0 than an allowance; all are integers.

    When the two of a pair could as well be exchanged, each difference had the other sign with
    probability 1/2. Counts the choices of signs whose sum is as far from 0 as the one seen; with an
    allowance, after all differences were moved towards 0 by as much.
    """
    if abs(sum(differences)) <= allowance * len(differences):
        return 1.0
    move = -allowance if sum(differences) > 0 else allowance
    differences = [difference + move for difference in differences]
    sizes = [abs(difference) for difference in differences if difference]
    total, seen = sum(sizes), abs(sum(differences))
    ways = [1] + [0] * total  # by sum: of how many subsets
    reach = 0
    for size in sizes:
        reach += size
        for amount in range(reach, size - 1, -1):
            ways[amount] += ways[amount - size]
    # The sum of all is total - 2 * that of the negative ones; as many choices lie on either side.
    extreme = 2 * sum(ways[:(total - seen) // 2 + 1])
    return float(Fraction(extreme, 2 ** len(sizes)))


def smallest_shift_found(p_value, first, second, level, most):
    """How much must be added to, or taken from, all values of `second` for `p_value` to fall below
    `level`, whichever it is; `most` + 1 when that much is not enough."""
    def finds(shift):
        return p_value(first, [value + shift for value in second]) < level
    return next((shift for shift in range(most + 1) if finds(shift) and finds(-shift)), most + 1)
