#!/bin/sh
# Unpacks a Docker Engine that keeps images in the containerd store into .cache/engine-containerd, for the
# tests that must give the same verdict on both image stores, and with it the `oras` command, for a test of its
# own. Installs nothing on the system: Debian's `trixie` packages come through a second apt configuration with
# state folders of its own.
set -eu

target=$1
suite=trixie
packages="docker.io docker-cli docker-buildx containerd oras"

[ -x "$target/usr/sbin/dockerd" ] && [ -x "$target/usr/bin/oras" ] && exit 0
echo "Baixando o Docker Engine mais novo (só para os testes)…"
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/etc/preferences.d" "$target.part"
# A root apt drops to the user _apt for downloads, which must reach these folders.
chmod 755 "$state"
mirror=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' | awk '$2 == "Debian" { print $1; exit }')
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] ${mirror:?nenhum repositório do Debian no apt desta máquina} $suite main" > "$state/etc/sources.list"
: > "$state/status"

second_apt() {
    apt-get -qq -o Dir::State="$state" -o Dir::State::Lists="$state/lists" -o Dir::State::status="$state/status" \
        -o Dir::Cache="$state/cache" -o Dir::Etc::sourcelist="$state/etc/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::Etc::preferencesparts="$state/etc/preferences.d" -o APT::Sandbox::User=root "$@"
}

second_apt update
# shellcheck disable=SC2086  # a list of names, meant to be split
(cd "$state" && second_apt download $packages)
for package in "$state"/*.deb; do dpkg -x "$package" "$target.part"; done
rm -rf "$target" && mv "$target.part" "$target"
