/* post.h - outgoing mail for who runs the site: to read, to try, to send again. */
#pragma once

extern const struct module post_module;
