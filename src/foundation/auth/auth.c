#include "auth/auth.h"

#include "auth/brake.h"
#include "auth/slots.h"
#include "base/file.h"
#include "base/random.h"

struct auth *auth_new(struct arena *a, const struct auth_options *options)
{
    struct auth *auth = arena_new_of(a, struct auth);
    auth->options = *options;
    crypto_subkey(options->key, S("codes"), auth->code_key);
    crypto_subkey(options->key, S("seal"), auth->seal_key);
    crypto_forget(auth->options.key, sizeof auth->options.key);
    auth->slots = slots_new(a, options->slots, options->wait_ms);
    auth->brake = brake_new(a);
    auth->nobody = crypto_password_nobody(a, options->cost);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    crypto_forget(auth->code_key, sizeof auth->code_key);
    crypto_forget(auth->seal_key, sizeof auth->seal_key);
}

static int read_key(struct ctx *c, str path, unsigned char ret[CRYPTO_KEY])
{
    str text;
    TRY(file_read(c, path, 1024, &text));
    if (crypto_key_read(str_trim(text), ret))
        return 0;
    return err_set(
        c, ERR_INVALID,
        "In het bestand %s hoort een sleutel van 64 tekens (0-9 en a-f) te staan. Zet de "
        "oude sleutel terug uit uw reservekopie.",
        str_z(c->arena, path));
}

int auth_key(struct ctx *c, str setting, str path, unsigned char ret[CRYPTO_KEY])
{
    if (setting.len) {
        if (crypto_key_read(setting, ret))
            return 0;
        return err_set(c, ERR_INVALID,
                       "De instelling secret_key klopt niet. Vul 64 tekens in: 0-9 en a-f.");
    }
    if (!file_exists(c, path))
        TRY(file_write_private(c, path,
                               str_fmt(c->arena, "%s\n", random_hex(c->arena, CRYPTO_KEY).ptr)));
    return read_key(c, path, ret);
}
