import { registerHooks } from 'node:module';

/** Opens the store of its environment, and says which databases' clients were read for it. */
const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const client = /\/node_modules\/(pg|kysely)\//.exec(found.url)?.[1] ?? /^node:(sqlite)$/.exec(found.url)?.[1];
    if (client !== undefined) loaded.add(client);
    return found;
  },
});
const { openStore } = await import('../../../src/store/index.ts');
const store = await openStore({ url: process.env.DATABASE_URL ?? '', ownerUrl: process.env.DATABASE_OWNER_URL });
process.stdout.write(JSON.stringify([...loaded].sort()));
await store.close();
