# Sourced by the commands here: sets $kernel to a folder with Debian's kernel and its modules, and fetches it the first time.
kernel=.venv-qemu/kernel
if [ ! -e "$kernel/boot" ]; then
    package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: //p' | head -n 1)
    say "fetching $package"
    fetched=$(mktemp -d)
    (cd "$fetched" && apt-get download -qq "$package") || fail "apt-get download $package failed. Try: apt-get update"
    mkdir -p .venv-qemu
    dpkg-deb -x "$fetched"/*.deb "$kernel.part" && mv "$kernel.part" "$kernel"
    rm -r "$fetched"
fi
