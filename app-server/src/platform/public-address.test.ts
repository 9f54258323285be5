// Every kind of address that is somebody's inside, and a few that are not.
import { describe, expect, test } from '@jest/globals'
import { isPublicAddress } from './public-address.js'

describe('an address is inside when it is', () => {
  test.each([
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0.0.0.0', '::']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1']],
    ['unique local', ['fc00::1', 'fd00:ec2::254', 'fdff::1']],
    ['link-local', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1']],
    ['carrier-grade NAT', ['100.64.0.1', '100.100.100.200', '100.127.255.255']],
    ['a cloud host agent', ['168.63.129.16', '192.0.0.192']],
    ['multicast or broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
    ['reserved, documentation or a benchmark', ['240.0.0.1', '192.0.2.1', '198.18.0.1', '2001:db8::1', '3fff::1']],
    ['IPv4 inside IPv6', ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1']],
    ['a translated IPv4 address', ['2002:7f00:1::', '64:ff9b::7f00:1', '64:ff9b:1::1', '2001:0:7f00:1::']],
    ['no address at all', ['', 'localhost', '127.1', '0x7f.1', '2130706433', '[::1]']],
  ])('%s', (_kind, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([])
  })
})

test('addresses of the public internet are not', () => {
  const addresses = [
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ]
  expect(addresses.filter(isPublicAddress)).toEqual(addresses)
})
