/* fold.h - folding shared by the engine and by tools/dutchc, so that both see the same letters. */
#pragma once

#include "base/str.h"

/* Writes the folded form of word to out (room for word.len bytes) and returns its length: lower
   case, no diacritics, no hyphens or apostrophes, no full stops except between digits. Letters of
   other scripts stay as they are; invalid bytes and everything else are dropped. When from and to
   are given, from[i] and to[i] are where in word the character of out[i] begins and ends. When
   joins is given, bit i of joins[i / 64] says that a hyphen stood just before out[i]; it has room
   for word.len + 1 bits and is all zero at the start. */
size_t fold_word(str word, char *out, uint32_t *from, uint32_t *to, uint64_t *joins);

/* The letter without its marks, lower case: one or two of a-z in ret; 0 when it is no Latin letter.
 */
size_t fold_letter(uint32_t code_point, char ret[2]);

enum fold_kind { FOLD_OTHER, FOLD_LETTER, FOLD_DIGIT, FOLD_HYPHEN, FOLD_APOSTROPHE, FOLD_STOP };
/* What a character is inside a word. Combining marks and soft hyphens count as letters. */
enum fold_kind fold_kind(uint32_t code_point);
