// Loaded before everything else: finds the files of drizzle-orm without Node's help. For each of the 400 imports in and of
// that package Node would parse its package.json anew, which lists 130 kB of exports: two thirds of a start.

import { registerHooks } from 'node:module'

const PACKAGE = 'drizzle-orm'
const found = new Map()

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === PACKAGE || specifier.startsWith(`${PACKAGE}/`)) {
      const known = found.get(specifier) ?? next(specifier, context)
      found.set(specifier, known)
      return { ...known, shortCircuit: true }
    }
    if (specifier.startsWith('.') && context.parentURL?.includes(`/node_modules/${PACKAGE}/`))
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
    return next(specifier, context)
  },
})
