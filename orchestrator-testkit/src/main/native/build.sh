#!/bin/sh
# Builds the two stand-in libraries for x86-64 Linux into ../resources. Needs gcc; the results are committed, so only a change of the sources needs this.
set -eu
cd "$(dirname "$0")"
out=../resources/dev/orchestrator/testkit/native
mkdir -p "$out"
for lib in libaio libnuma; do
    gcc -shared -fPIC -O2 -s -nostdlib -Wl,--build-id=none -Wl,-soname,$lib.so.1 \
        -Wl,--version-script=$lib.map -o "$out/$lib.so.1" $lib.c
done
