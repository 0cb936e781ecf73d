#!/bin/sh
# Installs the other programs that ./bench peers measures beside ours. Nothing else needs them, and without them
# that line says so.
set -eu
cd "$(dirname "$0")/../.."
. tools/setup/packages.sh

install_packages fossil mediawiki php-fpm php-cli php-sqlite3 php-mbstring php-xml php-intl php-apcu
