# shellcheck shell=sh
# What a container of production allows, without one: nothing can be written but /tmp, and the
# process is nobody in particular. This shell is its init: it hands SIGTERM on and waits.
set -e
checkout=$1
shift
mount --make-rprivate /
# With what others have mounted below: without it the kernel refuses.
mount --rbind /tmp /tmp
mount -o remount,bind,ro /
mount --rbind "$checkout" "$checkout"
mount -o remount,bind,ro "$checkout"
cd /
for folder in "$checkout" /var /root; do
	if touch "$folder/probe" 2>/dev/null; then
		echo "$folder can be written, so this proves nothing" >&2
		exit 99
	fi
done
set +e
unshare --user --map-user=10001 --map-group=10001 "$@" &
child=$!
trap 'kill -TERM $child' TERM
wait $child
code=$?
while kill -0 $child 2>/dev/null; do
	wait $child
	code=$?
done
exit $code
