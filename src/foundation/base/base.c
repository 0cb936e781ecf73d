#include "base/base.h"

void base_bug(const char *file, int line, const char *text)
{
    fprintf(stderr, "BUG %s:%d: %s\n", file, line, text);
    abort();
}
