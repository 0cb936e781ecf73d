/* Compression of answers, for when no proxy does it: Brotli, else gzip. */
#include <brotli/encode.h>
#include <zlib.h>

#include "http/http_int.h"

enum {
    COMPRESS_MIN = 512, /* below this the headers cost more than is won */
    COMPRESS_MAX = 16 * 1024 * 1024,
    CODINGS_MAX = 16, /* looked at in Accept-Encoding */
};

/* "0", "0.5", "1.000" as thousandths; anything else counts as 1. */
static int quality_of(str parameters)
{
    str part;
    while (str_split(&parameters, ';', &part)) {
        part = str_trim(part);
        if (!str_starts(part, S("q=")) && !str_starts(part, S("Q=")))
            continue;
        int value = 0, scale = 1000;
        for (size_t i = 2; i < part.len && scale; i++) {
            if (part.ptr[i] == '.')
                continue;
            if (part.ptr[i] < '0' || part.ptr[i] > '9')
                return 1000;
            value += (part.ptr[i] - '0') * scale;
            scale /= 10;
        }
        return value;
    }
    return 1000;
}

enum http_coding http_coding_choose(str accept)
{
    int gzip = 0, brotli = 0;
    str item;
    for (int i = 0; i < CODINGS_MAX && str_split(&accept, ',', &item); i++) {
        str name, rest = str_trim(item);
        (void)str_split(&rest, ';', &name);
        name = str_trim(name);
        int quality = quality_of(rest.ptr ? rest : S(""));
        if (str_eq_nocase(name, S("br")))
            brotli = quality;
        else if (str_eq_nocase(name, S("gzip")) || str_eq_nocase(name, S("x-gzip")))
            gzip = quality;
    }
    if (brotli && brotli >= gzip)
        return HTTP_BROTLI;
    return gzip ? HTTP_GZIP : HTTP_IDENTITY;
}

bool http_compressible(str content_type)
{
    static const char *const types[] = {"text/",
                                        "application/json",
                                        "application/problem+json",
                                        "application/atom+xml",
                                        "application/xml",
                                        "application/javascript",
                                        "application/manifest+json",
                                        "application/ld+json",
                                        "image/svg+xml"};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_starts(content_type, str_from(types[i])))
            return true;
    return false;
}

static bool brotli(struct arena *a, str in, bool thorough, str *ret)
{
    size_t room = BrotliEncoderMaxCompressedSize(in.len);
    if (!room)
        return false;
    unsigned char *out = arena_alloc(a, room);
    if (!BrotliEncoderCompress(thorough ? 7 : 4, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, in.len,
                               (const uint8_t *)in.ptr, &room, out))
        return false;
    *ret = str_of((const char *)out, room);
    return true;
}

static bool gzip(struct arena *a, str in, bool thorough, str *ret)
{
    z_stream z = {0};
    if (deflateInit2(&z, thorough ? 8 : 4, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    uLong room = deflateBound(&z, in.len);
    z.next_in = (Bytef *)(uintptr_t)in.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = arena_alloc(a, room);
    z.avail_out = (uInt)room;
    char *out = (char *)z.next_out;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *ret = str_of(out, z.total_out);
    (void)deflateEnd(&z);
    return done;
}

bool http_compress(struct arena *a, enum http_coding coding, str in, bool thorough, str *ret)
{
    str out;
    if (coding == HTTP_IDENTITY || in.len < COMPRESS_MIN || in.len > COMPRESS_MAX)
        return false;
    bool done = coding == HTTP_BROTLI ? brotli(a, in, thorough, &out) : gzip(a, in, thorough, &out);
    if (!done || out.len >= in.len)
        return false;
    *ret = out;
    return true;
}
