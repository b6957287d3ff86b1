# No record at all: nothing is loaded and nothing is wrong.
export FAKE_FIREWALL_TRACE=1
: > empty.txt
alkfw < /dev/null
alkfw -j < /dev/null
alkfw -w empty.txt
alkfw -v --no-config -i json empty.txt
alkfw -i csv empty.txt
