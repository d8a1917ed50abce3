/** Starts the service on Node 24 or newer, and says so in one line on an older one, which could not even read the files. */
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(`Inkoopkalender needs Node 24 or newer; this is ${process.versions.node}. "npm start" brings its own.`);
  process.exit(1);
}
const { keepCompiled } = await import('./starting/compiled.js');
keepCompiled();
const { main } = await import('./main.ts');
await main();
