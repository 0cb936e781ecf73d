/* db_args.h - the preprocessor half of db.h: DB_MAP_(a, b) gives "DB_VALUE(a), DB_VALUE(b),",
   DB_COUNT_(a, b) gives 2.

   Both take 0 to DB_MAX_ARGS arguments; more do not compile. The map calls itself by way of a macro
   name that is only pasted together in the next rescan; DB_SCAN_ gives 3 * 3 * 3 * 2 = 54 rescans.
 */
#pragma once

#define DB_PARENS_ ()
#define DB_SCAN1_(...) __VA_ARGS__
#define DB_SCAN2_(...) DB_SCAN1_(DB_SCAN1_(DB_SCAN1_(__VA_ARGS__)))
#define DB_SCAN3_(...) DB_SCAN2_(DB_SCAN2_(DB_SCAN2_(__VA_ARGS__)))
#define DB_SCAN_(...) DB_SCAN3_(DB_SCAN3_(DB_SCAN3_(__VA_ARGS__)))

#define DB_MAP_(...) __VA_OPT__(DB_SCAN_(DB_MAP_ONE_(__VA_ARGS__)))
#define DB_MAP_ONE_(x, ...) DB_VALUE(x), __VA_OPT__(DB_MAP_AGAIN_ DB_PARENS_(__VA_ARGS__))
#define DB_MAP_AGAIN_() DB_MAP_ONE_

/* The arguments push the right number to the place of n; past 40 they push an undeclared name
 * there. */
#define DB_COUNT_(...)                                                                             \
    DB_COUNT_PICK_(__VA_ARGS__ __VA_OPT__(, ) DB_TOO_MANY_, DB_TOO_MANY_, DB_TOO_MANY_,            \
                   DB_TOO_MANY_, DB_TOO_MANY_, DB_TOO_MANY_, DB_TOO_MANY_, DB_TOO_MANY_, 40, 39,   \
                   38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, \
                   18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0)
#define DB_TOO_MANY_ db_call_has_more_than_40_arguments
#define DB_COUNT_PICK_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, \
                       a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32,  \
                       a33, a34, a35, a36, a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47,  \
                       a48, n, ...)                                                                \
    n
