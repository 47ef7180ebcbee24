# shellcheck shell=sh
# Logs without a limit fill the disk; without live restore an update of Docker stops every container.

ENGINE_FILE=/etc/docker/daemon.json

# Print the file with what we want in it; what else is there stays. Fails when it is no JSON.
engine_settings() {
    python3 - "$ENGINE_FILE" <<'END'
import json, pathlib, sys

file = pathlib.Path(sys.argv[1])
there = json.loads(file.read_text()) if file.exists() and file.read_text().strip() else {}
there["live-restore"] = True
# The journal has limits of its own.
if there.get("log-driver") != "journald":
    there["log-driver"] = "json-file"
    there["log-opts"] = {"max-size": "10m", "max-file": "5", **there.get("log-opts", {})}
print(json.dumps(there, indent=2))
END
}

check_engine() {
    command -v python3 >/dev/null || {
        wrong "$ENGINE_FILE cannot be read without python3."
        return
    }
    if ! wanted=$(engine_settings); then
        wrong "$ENGINE_FILE cannot be read as JSON."
        return
    fi
    printf '%s\n' "$wanted" | is_file "$ENGINE_FILE" ||
        wrong "$ENGINE_FILE limits no logs, or stops containers with Docker."
    running=$(docker info --format '{{.LiveRestoreEnabled}} {{.LoggingDriver}}' 2>/dev/null) || return 0
    case $running in
    "true json-file" | "true journald") ;;
    *) wrong "Docker runs with other settings than $ENGINE_FILE has: $running." ;;
    esac
}

mend_engine() {
    # Docker does not start with one that is broken, so nothing is lost with it.
    engine_settings >"$WORK/daemon.json" || {
        mv "$ENGINE_FILE" "$ENGINE_FILE.broken"
        engine_settings >"$WORK/daemon.json"
    }
    dockerd --validate --config-file "$WORK/daemon.json"
    put_file "$ENGINE_FILE" 644 <"$WORK/daemon.json"
    # The reload switches live restore on, so that containers survive the restart.
    systemctl reload docker || true
    systemctl restart docker
}
