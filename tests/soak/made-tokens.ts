import { createApp, loadApplications, readSettings } from '../../src/app.ts';
import type { JoinerySite } from '../process/joinery.ts';

/** A token for each of so many directories, of as many organizations. */
export async function makeTokens(site: JoinerySite, count: number): Promise<readonly string[]> {
  const settings = readSettings(site.environment, { logLevel: 'warn', insecure: false });
  const app = await createApp({ settings, applications: await loadApplications(undefined) });
  try {
    const tokens: string[] = [];
    for (let number = 1; number <= count; number += 1) {
      const organization = `customer-${number}`;
      const made = await app.organizations.create({ slug: organization, name: `Customer ${number}` });
      if (made.kind === 'refused') throw new Error(made.detail);
      const minted = await app.credentials.create({
        ...{ organization, application: 'app', name: 'soak', scope: 'provision', expires: undefined },
      });
      if (minted.kind === 'refused') throw new Error(minted.detail);
      tokens.push(minted.token);
    }
    return tokens;
  } finally {
    await app.close();
  }
}
