import { conformancePage } from './conformance.ts';
import { limitsPage } from './limits.ts';
import { quirksPage } from './quirks.ts';
import { systemsPage } from './systems.ts';

/** What `npm run generate` writes; a test says when one of them is stale. */
export const PAGES: readonly { readonly path: string; readonly write: () => string }[] = [
  { path: 'docs/reference/conformance.md', write: conformancePage },
  { path: 'docs/reference/limits.md', write: limitsPage },
  { path: 'docs/reference/quirks.md', write: quirksPage },
  { path: 'docs/reference/systems.md', write: systemsPage },
];
