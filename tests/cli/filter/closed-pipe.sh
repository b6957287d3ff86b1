# A reader that leaves ends the filter quietly, as SIGPIPE does.
{ yes | alkfw; echo "status $?" >&2; } | head -n 1
