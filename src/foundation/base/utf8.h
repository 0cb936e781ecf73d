/* utf8.h - decoding, checking and folding of UTF-8. */
#pragma once

#include "base/str.h"

/* Takes the next code point off the front; an invalid byte gives U+FFFD and is skipped. s must not
 * be empty. */
uint32_t utf8_next(str *s);
size_t utf8_encode(uint32_t code_point, char ret[4]); /* bytes written */
bool utf8_valid(str s);       /* well-formed, no surrogates, no overlong forms */
bool utf8_has_control(str s); /* C0 controls other than tab, line feed, carriage return; or DEL */
size_t utf8_length(str s);    /* code points */
str utf8_cut(str s, size_t max_bytes); /* the longest front that ends on a whole character */
