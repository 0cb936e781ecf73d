/* table.h - the layout of the packed lexicon that tools/dutchc writes and dutch_lexicon.c reads.

   A minimal acyclic automaton over folded forms (a-z and 0-9 only). Walking it while adding up
   `skip` gives each form its number in sorted order, and with that its class: what kind of word it
   is and how to make its base. Forms share classes, so a form costs two bytes. All numbers are in
   the byte order of the machine that built it; the file starts with struct dutch_table. */
#pragma once

#include <stdint.h>

enum {
    DUTCH_TABLE_MAGIC = 0x44544231, /* "DTB1" */
    DUTCH_SYMBOLS = 36,             /* a-z, then 0-9 */

    /* An edge: symbol in bits 0-5, then two flags, the target's first edge in bits 8-31. */
    DUTCH_EDGE_FINAL = 1 << 6, /* a form ends here */
    DUTCH_EDGE_LAST = 1 << 7,  /* last edge of its state */
};

/* What a form can be; several at once. */
enum {
    DUTCH_NOUN = 1 << 0,   /* singular noun, dictionary form */
    DUTCH_PLURAL = 1 << 1, /* plural of a noun */
    DUTCH_DIMINUTIVE = 1 << 2,
    DUTCH_ADJECTIVE = 1 << 3, /* dictionary form */
    DUTCH_ADJECTIVE_FORM = 1 << 4,
    DUTCH_VERB_STEM = 1 << 5,
    DUTCH_INFINITIVE = 1 << 6,
    DUTCH_VERB_FORM = 1 << 7, /* other forms of verbs, participles */
    DUTCH_PROPER = 1 << 8,    /* only seen with a capital */
    DUTCH_BOUND = 1 << 9,     /* combining form (bio, scheeps): part of a word, no word itself */
    DUTCH_PARTICLE = 1 << 10, /* aan, op, voor: makes verbs and what comes from them */
    DUTCH_STOP = 1 << 11,
    DUTCH_PROTECTED = 1 << 12, /* never split or reduced */
    DUTCH_NO_PART = 1 << 13,   /* may not be part of a compound */
    DUTCH_FIRST = 1 << 14,     /* the lexicon lets it begin compounds */
    DUTCH_LAST = 1 << 15,      /* the lexicon lets it end compounds */
    DUTCH_TAKES_S = 1 << 16,   /* takes a linking s */
    DUTCH_DEVERBAL = 1 << 17,  /* made from a verb: aanbidding, aanvoer, uitgever */
    DUTCH_FIELD = 1 << 18,     /* a word that people in our field search by, and its forms */
};

struct dutch_class {
    uint32_t flags;
    uint16_t rule;          /* how to make the base */
    uint8_t first, first_s; /* how many lexicon words it begins, without and with s; log scale */
    uint8_t last;           /* how many lexicon words end with it; log scale */
    uint8_t spare[3];
};

/* base = form without its last `cut` letters + the text at text[at .. at + len). */
struct dutch_rule {
    uint8_t cut, len;
    uint16_t at;
};

struct dutch_table {
    uint32_t magic;
    uint32_t size; /* of everything, bytes */
    uint32_t edge_count, form_count, class_count, rule_count, text_size;
    uint32_t edges_at, skips_at, forms_at, classes_at, rules_at, text_at; /* bytes from the start */
};
