# shellcheck shell=sh
# Redis forks to write its file. Without overcommit the kernel refuses that when memory is half full.

MEMORY_FILE=/etc/sysctl.d/90-menuvo.conf
OVERCOMMIT=/proc/sys/vm/overcommit_memory

memory_settings() { echo 'vm.overcommit_memory = 1'; }

check_memory() {
    [ "$(cat "$OVERCOMMIT")" = 1 ] || wrong "vm.overcommit_memory is $(cat "$OVERCOMMIT"), not 1."
    memory_settings | is_file "$MEMORY_FILE" || wrong "vm.overcommit_memory would not be 1 after a reboot."
}

mend_memory() {
    memory_settings | put_file "$MEMORY_FILE" 644
    echo 1 >"$OVERCOMMIT"
}
