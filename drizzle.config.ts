import { defineConfig } from 'drizzle-kit'

/** `npm run db:generate` runs this twice: once for each engine, from the same schema. */
const postgres = /^postgres/.test(process.env.DATABASE_URL ?? '')

export default defineConfig({
  schema: './db/schema.ts',
  casing: 'snake_case',
  dialect: postgres ? 'postgresql' : 'sqlite',
  out: postgres ? './migrations/postgres' : './migrations/sqlite',
})
