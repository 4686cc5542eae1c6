import path from 'node:path'
import { expect, test } from 'vitest'
import { BadConfig, readConfig } from '../server/config.ts'

test('without any setting Downfield serves this machine alone and keeps everything in ./data', () => {
  const dataDir = path.resolve('data')
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 3000,
    dataDir,
    databaseUrl: path.join(dataDir, 'downfield.db'),
    publicUrl: undefined,
    trustProxy: false,
    key: undefined,
    keyFile: path.join(dataDir, 'key'),
    logLevel: 'info',
    backups: undefined,
    pwsh: undefined,
  })
})

test('each setting is taken, and an empty one is the same as none', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  const config = readConfig({
    DOWNFIELD_HOST: '0.0.0.0',
    DOWNFIELD_PORT: '8080',
    DOWNFIELD_DATA: '/srv/downfield',
    DATABASE_URL: 'postgres://app@db/downfield',
    DOWNFIELD_URL: 'https://Downfield.example.org/',
    DOWNFIELD_TRUST_PROXY: 'true',
    DOWNFIELD_KEY: key,
    DOWNFIELD_KEY_FILE: '',
    DOWNFIELD_LOG: 'warn',
    DOWNFIELD_BACKUPS: '/srv/backups',
    DOWNFIELD_PWSH: 'ssh exchange pwsh',
    DOWNFIELD_DNS: '10.0.0.1, [2001:db8::1]:5300',
    DOWNFIELD_BACKUPS_KEEP: '3',
  })
  expect(config).toEqual({
    host: '0.0.0.0',
    port: 8080,
    dataDir: '/srv/downfield',
    databaseUrl: 'postgres://app@db/downfield',
    publicUrl: 'https://downfield.example.org',
    trustProxy: true,
    key,
    keyFile: '/srv/downfield/key',
    logLevel: 'warn',
    backups: { folder: '/srv/backups', keep: 3 },
    pwsh: ['ssh', 'exchange', 'pwsh'],
    dnsServers: ['10.0.0.1', '[2001:db8::1]:5300'],
  })
})

test.each([
  ['DOWNFIELD_PORT', '80a', 'DOWNFIELD_PORT must be a port number from 0 to 65535, for example 3000.'],
  ['DOWNFIELD_PORT', '70000', 'DOWNFIELD_PORT must be a port number from 0 to 65535, for example 3000.'],
  ['DATABASE_URL', 'mysql://db', 'DATABASE_URL must be a URL such as postgres://user:password@host:5432/downfield.'],
  ['DOWNFIELD_URL', 'downfield.example.org', 'DOWNFIELD_URL must be the address people open'],
  ['DOWNFIELD_URL', 'https://example.org/mail', 'DOWNFIELD_URL must be the address people open'],
  ['DOWNFIELD_TRUST_PROXY', 'yes', 'DOWNFIELD_TRUST_PROXY must be true or false.'],
  ['DOWNFIELD_DNS', 'dns.example.org', 'DOWNFIELD_DNS must be addresses of DNS servers'],
  ['DOWNFIELD_KEY', 'short', 'DOWNFIELD_KEY must be 32 bytes in base64. Make one with: openssl rand -base64 32'],
  ['DOWNFIELD_LOG', 'loud', 'DOWNFIELD_LOG must be one of trace, debug, info, warn, error, fatal, silent.'],
])('%s=%s is refused with what to write', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(BadConfig)
  expect(() => readConfig({ [name]: value })).toThrow(message)
})
