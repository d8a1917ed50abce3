/** Tells drizzle-kit where the tables and migrations of one dialect are; `npm run db:generate` asks for both. */
import { defineConfig } from 'drizzle-kit';

const dialect = process.env['DIALECT'] === 'pg' ? 'pg' : 'sqlite';

export default defineConfig({
  dialect: dialect === 'pg' ? 'postgresql' : 'sqlite',
  schema: './db/schema/drizzle-kit.cjs',
  out: `./db/migrations/${dialect}`,
  casing: 'snake_case',
});
