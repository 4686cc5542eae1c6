// Which addresses belong to the public internet. Whoever makes us open an address of their choice must not reach what
// only we can reach: this machine, its network, and what clouds keep beside it (OWASP: server-side request forgery).

import { BlockList, isIP } from 'node:net'

/** RFC 6890 and the IANA registries of special-purpose addresses. */
const NOT_PUBLIC_4 = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT (RFC 6598); some clouds keep services here
  ['127.0.0.0', 8], // this machine
  ['169.254.0.0', 16], // link-local; the metadata of clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
] as const

/** Of IPv6 only 2000::/3 is given out, and of that not these. What maps or translates IPv4 lies outside, or is here. */
const NOT_PUBLIC_6 = [
  ['2001::', 23], // protocol assignments; Teredo, which carries IPv4 within
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4, which carries IPv4 within
  ['3fff::', 20], // documentation
] as const

const blocked = new BlockList()
for (const [address, bits] of NOT_PUBLIC_4) blocked.addSubnet(address, bits, 'ipv4')
for (const [address, bits] of NOT_PUBLIC_6) blocked.addSubnet(address, bits, 'ipv6')
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address, as text, is one of the public internet. What is no address is none. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !blocked.check(address, 'ipv4')
  // A zone, as in fe80::1%eth0, names an interface of ours.
  if (version !== 6 || address.includes('%')) return false
  return given.check(address, 'ipv6') && !blocked.check(address, 'ipv6')
}
