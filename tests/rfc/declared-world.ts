import { startServer } from '../harness/index.ts';
import type { Mode } from './case.ts';
import { openWorld, type World } from './world.ts';

/** As `joinery.config.ts` declares it. */
interface DeclaredExtension {
  readonly urn: string;
  readonly of: 'User' | 'Group';
  readonly required?: boolean;
  readonly attributes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * A directory on a server of its own, whose applications declare these extensions. `plain` is an application beside
 * them that declares none.
 */
export async function inDeclaredWorld(
  mode: Mode,
  extensions: readonly DeclaredExtension[],
  look: (world: World) => Promise<void>,
): Promise<void> {
  const config = {
    applications: {
      default: { basePath: '/scim/v2', extensions },
      strict: { basePath: '/strict/scim/v2', strict: true, extensions },
      plain: { basePath: '/plain/scim/v2' },
    },
  };
  const server = await startServer({ config, env: { LOG_LEVEL: 'fatal' } });
  try {
    await look(await openWorld(server, mode));
  } finally {
    await server.close();
  }
}
