/** The tables of the dialect that DIALECT names, for drizzle-kit: it takes each thing that a module exports for one. */
const { pgKit, sqliteKit } = require('../store/kit.ts');
const { defineSchema } = require('./schema.ts');

module.exports = defineSchema(process.env.DIALECT === 'pg' ? pgKit() : sqliteKit());
