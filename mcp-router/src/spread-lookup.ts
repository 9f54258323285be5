// Which of a name's addresses a new connection goes to: any of them, so that all replicas behind one name get their share.
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/**
 * As the system looks names up, but in an order that begins anywhere: the system's own order is always the same, and then
 * one replica has all the work. Where one address does not answer, the next is tried.
 */
export const spreadLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    const start = Math.floor(Math.random() * addresses.length)
    const spread = [...addresses.slice(start), ...addresses.slice(0, start)]
    const [first] = spread
    if (options.all) callback(null, spread)
    else callback(null, first?.address ?? '', first?.family ?? 0)
  })
}
