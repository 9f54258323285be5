// Which IP addresses belong to the public internet; everything else is somebody's inside.
import { BlockList, isIP } from 'node:net'

/** Special-purpose IPv4 (IANA registry, RFC 6890 and later) and public addresses that only mean something inside a cloud. */
const insideV4: readonly [string, number][] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT; also a cloud's metadata
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // a cloud's host agent
  ['169.254.0.0', 16], // link-local; also most clouds' metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments; also a cloud's metadata
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
]

/** Parts of the global unicast range 2000::/3 that are special, above all those that carry an IPv4 address inside. */
const insideV6: readonly [string, number][] = [
  ['2001::', 23], // protocol assignments, Teredo
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['2620:4f:8000::', 48], // AS112
  ['3ffe::', 16], // the former 6bone
  ['3fff::', 20], // documentation
]

// Two lists: a list that knows both families also matches an IPv4 address against IPv6 rules.
const blockedV4 = new BlockList()
for (const [network, prefix] of insideV4) blockedV4.addSubnet(network, prefix, 'ipv4')
const blockedV6 = new BlockList()
for (const [network, prefix] of insideV6) blockedV6.addSubnet(network, prefix, 'ipv6')
// Only 2000::/3 is handed out as global unicast (RFC 4291), so loopback, v4-mapped, NAT64, unique and link-local fall outside.
const globalV6 = new BlockList()
globalV6.addSubnet('2000::', 3, 'ipv6')

/** True for a textual IP address anybody on the internet can have; false for all others and for what is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !blockedV4.check(address, 'ipv4')
    case 6: {
      const [bare = ''] = address.split('%')
      return globalV6.check(bare, 'ipv6') && !blockedV6.check(bare, 'ipv6')
    }
    default:
      return false
  }
}
