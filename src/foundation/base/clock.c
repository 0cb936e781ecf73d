#include "base/clock.h"

#include "base/arena.h"

long long clock_now(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0)
        BUG("clock_gettime");
    return t.tv_sec;
}

long long clock_monotonic_us(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        BUG("clock_gettime");
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Civil date of a day count since 1970-01-01, proleptic Gregorian (Howard Hinnant's algorithm). */
static void civil_from_days(long long days, int *ret_y, int *ret_m, int *ret_d)
{
    long long z = days + 719468;
    long long era = (z >= 0 ? z : z - 146096) / 146097;
    long long doe = z - era * 146097;
    long long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long long mp = (5 * doy + 2) / 153;
    *ret_d = (int)(doy - (153 * mp + 2) / 5 + 1);
    *ret_m = (int)(mp < 10 ? mp + 3 : mp - 9);
    *ret_y = (int)(yoe + era * 400 + (*ret_m <= 2 ? 1 : 0));
}

static long long floor_div(long long a, long long b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

struct civil {
    int y, m, d, hour, minute, second, weekday; /* weekday 0 = Sunday */
};

static struct civil civil_of(long long seconds)
{
    struct civil t;
    long long days = floor_div(seconds, 86400), rest = seconds - days * 86400;
    civil_from_days(days, &t.y, &t.m, &t.d);
    t.hour = (int)(rest / 3600);
    t.minute = (int)(rest / 60 % 60);
    t.second = (int)(rest % 60);
    t.weekday = (int)(((days + 4) % 7 + 7) % 7);
    return t;
}

str clock_rfc3339(struct arena *a, long long seconds)
{
    struct civil t = civil_of(seconds);
    return str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.y, t.m, t.d, t.hour, t.minute, t.second);
}

str clock_http_date(struct arena *a, long long seconds)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil t = civil_of(seconds);
    return str_fmt(a, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * t.weekday, t.d,
                   months + 3 * (t.m - 1), t.y, t.hour, t.minute, t.second);
}

/* Day of the month of the last Sunday of a 31-day month (March, October). */
static int last_sunday(int year, int month)
{
    static const int offset[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    int y = month < 3 ? year - 1 : year;
    int weekday = (y + y / 4 - y / 100 + y / 400 + offset[month - 1] + 31) % 7;
    return 31 - weekday;
}

/* Dutch time is UTC+1, and UTC+2 from the last Sunday of March 01:00 UTC to that of October 01:00
 * UTC. */
static long long dutch_offset(long long seconds)
{
    struct civil t = civil_of(seconds);
    if (t.m < 3 || t.m > 10)
        return 3600;
    if (t.m > 3 && t.m < 10)
        return 7200;
    int sunday = last_sunday(t.y, t.m);
    bool past = t.d > sunday || (t.d == sunday && t.hour >= 1);
    return past == (t.m == 3) ? 7200 : 3600;
}

str clock_date(struct arena *a, long long seconds)
{
    struct civil t = civil_of(seconds + dutch_offset(seconds));
    return str_fmt(a, "%04d-%02d-%02d", t.y, t.m, t.d);
}

static bool date_parts(str date, int *ret_y, int *ret_m, int *ret_d)
{
    long long y, m, d;
    if (date.len != 10 || date.ptr[4] != '-' || date.ptr[7] != '-')
        return false;
    if (!str_int(str_slice(date, 0, 4), 1, 9999, &y) ||
        !str_int(str_slice(date, 5, 7), 1, 12, &m) || !str_int(str_slice(date, 8, 10), 1, 31, &d))
        return false;
    *ret_y = (int)y;
    *ret_m = (int)m;
    *ret_d = (int)d;
    return true;
}

bool clock_date_valid(str date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y, m, d;
    if (!date_parts(date, &y, &m, &d))
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return d <= days[m - 1] + (m == 2 && leap ? 1 : 0);
}

str clock_date_dutch(struct arena *a, str date)
{
    static const char *const months[] = {"januari",   "februari", "maart",    "april",
                                         "mei",       "juni",     "juli",     "augustus",
                                         "september", "oktober",  "november", "december"};
    int y, m, d;
    if (!clock_date_valid(date) || !date_parts(date, &y, &m, &d))
        return date;
    return str_fmt(a, "%d %s %d", d, months[m - 1], y);
}
