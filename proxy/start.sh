#!/bin/sh
# Tells nginx where this network's name server is, and starts it.
set -eu
server=$(awk '$1 == "nameserver" { print ($2 ~ /:/) ? "[" $2 "]" : $2; exit }' /etc/resolv.conf)
echo "resolver $server valid=1s ipv6=off;" >/tmp/resolver.conf
exec nginx -c /etc/sekisho/nginx.conf -g 'daemon off;'
