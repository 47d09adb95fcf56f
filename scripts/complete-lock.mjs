// After `npm install <package>` behind a registry mirror that does not hold every platform's binaries: npm leaves the
// optional packages that it could not find out of package-lock.json, and `npm ci` then refuses the file. This adds the
// entries that are named and missing, with the platform that their names tell, so that npm skips them elsewhere.
// They have no integrity: `npm install` on a full registry fills it in.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => lock.packages[place] !== undefined)) continue;
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.error(`${added} entries added to package-lock.json`);

function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'].find((one) => words.includes(one));
  const cpu = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'wasm32'].find((one) => words.includes(one));
  if (os === undefined || cpu === undefined) throw new Error(`${name}: its name tells no platform`);
  return { cpu: [cpu], os: [os] };
}
