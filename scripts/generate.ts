import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PAGES } from './pages/index.ts';

// `npm run generate`: the pages of docs/reference that say what the code and its tests say.
const root = fileURLToPath(new URL('..', import.meta.url));
for (const { path, write } of PAGES) {
  writeFileSync(`${root}${path}`, write());
  console.log(path);
}
