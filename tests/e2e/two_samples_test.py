"""The statistics of the end-to-end tests, against values known from elsewhere and full counts."""

import itertools
import random
import unittest

import case  # noqa: F401: adds tests/support to the path

from two_samples import distance, distance_p_value, sign_flip_p_value, smallest_shift_found


def apart(n, k):
    """Two samples of n values each with distance k: k of one come first, the rest take turns."""
    first, second = list(range(k)), []
    for value in range(k, 2 * n - k):
        (second if (value - k) % 2 == 0 else first).append(value)
    return first, second + list(range(2 * n - k, 2 * n))


class Distance(unittest.TestCase):

    def test_of_small_samples(self):
        self.assertEqual(distance([1, 2, 3], [3, 2, 1]), 0)
        self.assertEqual(distance([1, 2, 3], [4, 5, 6]), 3)
        self.assertEqual(distance([4, 5, 6], [1, 2, 3]), 3)
        self.assertEqual(distance([1, 1, 2, 9], [1, 2, 2, 3]), 1)
        self.assertEqual(distance([5, 5, 5, 5], [5, 5, 6, 6]), 2)

    def test_p_values_are_those_of_the_tables(self):
        # Massey's table of 1951, with the digits that scipy.stats.ks_2samp(mode="exact") gives.
        for n, k, expected in ((5, 5, 0.0079365079), (5, 4, 0.0793650794), (5, 3, 0.3571428571),
                               (5, 2, 0.8730158730), (5, 1, 1.0),
                               (10, 6, 0.0524475524), (10, 7, 0.0123406006)):
            with self.subTest(n=n, k=k):
                first, second = apart(n, k)
                self.assertEqual((len(first), distance(first, second)), (n, k))
                self.assertAlmostEqual(distance_p_value(first, second), expected, places=9)

    def test_p_values_are_shares_of_all_ways_to_deal_the_values_out(self):
        values = set(range(10))
        splits = [(chosen, sorted(values - set(chosen)))
                  for chosen in itertools.combinations(values, 5)]
        for k in range(1, 6):
            share = sum(distance(*split) >= k for split in splits) / len(splits)
            self.assertAlmostEqual(distance_p_value(*apart(5, k)), share)

    def test_equal_values_raise_no_false_alarm(self):
        values = [0, 0, 0, 1, 1, 1, 1, 1, 2, 2]
        p_values = []
        for chosen in itertools.combinations(range(10), 5):
            first = [values[i] for i in chosen]
            second = [values[i] for i in range(10) if i not in chosen]
            p_values.append(distance_p_value(first, second))
        for level in (0.01, 0.1, 0.4, 0.9):
            self.assertLessEqual(sum(p <= level for p in p_values) / len(p_values), level)


class SignFlip(unittest.TestCase):

    def test_p_values_of_small_samples(self):
        for differences, expected in (([], 1), ([0, 0], 1), ([1], 1), ([1, 1, 0], 1 / 2),
                                      ([3, -3], 1), ([1, 2, 3, 4, 5, 6], 2 / 64),
                                      ([-1, -2, -3, -4, -5, -6], 2 / 64),
                                      ([-1, 2, 3, 4, 5, 6], 4 / 64), ([1] * 30, 2 / 2**30)):
            with self.subTest(differences):
                self.assertEqual(sign_flip_p_value(differences), expected)

    def test_p_values_are_shares_of_all_choices_of_signs(self):
        for seed in range(50):
            chance = random.Random(seed)
            seen = [chance.randrange(-5, 9) for _ in range(chance.randrange(1, 9))]
            sums = [sum(sign * size for sign, size in zip(signs, seen))
                    for signs in itertools.product((1, -1), repeat=len(seen))]
            share = sum(abs(total) >= abs(sum(seen)) for total in sums) / len(sums)
            with self.subTest(seed=seed):
                self.assertEqual(sign_flip_p_value(seen), share)


    def test_what_is_allowed_is_no_difference(self):
        seen = [1, 2, 3, 4, 5, 6]
        for sign in (1, -1):
            differences = [sign * size for size in seen]
            self.assertEqual(sign_flip_p_value(differences, 4), 1)
            self.assertEqual(sign_flip_p_value(differences, 1), 2 / 2**5)
            self.assertEqual(sign_flip_p_value(differences, 3),
                             sign_flip_p_value([-2, -1, 0, 1, 2, 3]))


class Shift(unittest.TestCase):

    def test_the_smallest_that_is_found_both_ways(self):
        def differs(first, second):
            return sign_flip_p_value([a - b for a, b in zip(first, second)])
        values = list(range(20))
        self.assertEqual(smallest_shift_found(differs, values, values, 1e-5, 9), 1)
        self.assertEqual(smallest_shift_found(distance_p_value, values, values, 1e-4, 19), 14)
        self.assertEqual(smallest_shift_found(distance_p_value, values, values, 1e-4, 5), 6)


if __name__ == "__main__":
    unittest.main()
