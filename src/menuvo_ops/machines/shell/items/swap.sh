# shellcheck shell=sh
# For the system itself: the containers' limits leave them none.

SWAP_FILE=/swapfile
SWAP_MIB=2048
LEAST_SWAP_MIB=1000

swap_mib() {
    swapon --show=SIZE --noheadings --bytes | awk '{ all += $1 } END { printf "%d", all / 1048576 }'
}

check_swap() {
    [ "$(swap_mib)" -ge "$LEAST_SWAP_MIB" ] || wrong "There are $(swap_mib) MiB of swap, not $SWAP_MIB."
    [ ! -e "$SWAP_FILE" ] || {
        [ "$(stat -c %a "$SWAP_FILE")" = 600 ] || wrong "Others than root can read $SWAP_FILE."
        grep -q "^${SWAP_FILE}[[:space:]]" /etc/fstab || wrong "$SWAP_FILE would not be used after a reboot."
    }
}

use_swap_file() { mkswap "$SWAP_FILE" && swapon "$SWAP_FILE"; }

fill_swap_file() {
    (umask 077 && dd if=/dev/zero of="$SWAP_FILE" bs=1M count="$SWAP_MIB" status=none)
}

mend_swap() {
    if [ "$(swap_mib)" -lt "$LEAST_SWAP_MIB" ]; then
        swapoff "$SWAP_FILE" 2>/dev/null || true
        rm -f "$SWAP_FILE"
        # Not every file system can reserve it, nor swap to what is only reserved.
        (umask 077 && fallocate --length "${SWAP_MIB}MiB" "$SWAP_FILE") || true
        use_swap_file || {
            fill_swap_file
            use_swap_file
        }
    fi
    [ ! -e "$SWAP_FILE" ] || {
        chmod 600 "$SWAP_FILE"
        grep -q "^${SWAP_FILE}[[:space:]]" /etc/fstab || echo "$SWAP_FILE none swap sw 0 0" >>/etc/fstab
    }
}
