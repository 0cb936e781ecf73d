/* smtp_server.h - a mail server on loopback that does as the address says, and remembers what it
   took.

   The first part of a recipient's address, up to a dot, decides:
     never   550 at RCPT                 later   451 at RCPT
     bad     554 after the message       full    452 after the message
     drop    takes the message, then closes without an answer
     slow    takes the message, then says nothing for a long time
     bye     250, then 421 to the next MAIL on this connection
   All others are taken. */
#pragma once

#include "test.h"

enum { SMTP_MAX_TAKEN = 2000 };

struct smtp_taken {
    char to[256];
    str data; /* as sent, without the dot; lives as long as the server */
};

struct smtp_server {
    int port;
    struct smtp_taken taken[SMTP_MAX_TAKEN];
    _Atomic int count, connections,
        begun;                    /* begun: messages of which the dot never came are among them */
    const char *_Atomic greeting; /* instead of 220; NULL: 220 */
    const char *_Atomic sender_reply;        /* instead of 250 to MAIL */
    void (*_Atomic at_data)(const char *to); /* called at DATA; NULL: nothing */
    _Atomic bool stopping;
    struct smtp_server_threads *threads;
};

struct smtp_server *smtp_server_start(void);
void smtp_server_stop(struct smtp_server *s);
void smtp_server_reset(struct smtp_server *s);
/* How often this address got a message. */
int smtp_server_times(const struct smtp_server *s, const char *to);
