/* tmplc - turns a template into C: tmplc INPUT.html OUTPUT.c. The language is described in tmplc.c.
 */
#include "tmplc.h"

int main(int argc, char **argv)
{
    if (argc != 3)
        tool_die("use: tmplc INPUT.html OUTPUT.c");
    struct compiler c = {.file = argv[1], .line = 1};
    tool_read(argv[1], &c.source);
    tmplc_compile(&c);
    tool_write(argv[2], &c.code);
    return 0;
}
