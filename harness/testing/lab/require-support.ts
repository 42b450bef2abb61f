/** Set in guests, which are there for the drivers that are tested in them: one that is unsupported there fails. */
export const REQUIRE_SUPPORT = 'BENCH_TEST_REQUIRE_SUPPORT'
