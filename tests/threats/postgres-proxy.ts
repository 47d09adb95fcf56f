import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** What stands between the server and its PostgreSQL, and loses what it is told to. */
export interface PostgresProxy {
  readonly port: number;
  /** The statement is lost before the database hears it, or its answer (which names it) after it was carried out. */
  loseNext(loss: Loss): void;
  /** How many times something was lost. */
  readonly lost: () => number;
  close(): Promise<void>;
}

export interface Loss {
  /** What the statement contains. */
  readonly text: string;
  /** What was sent before on the same connection, or with it: whose statement it is. */
  readonly of: string;
  readonly when: 'before' | 'after';
}

/** Over TCP in front of a PostgreSQL whose unix socket is in `folder`. */
export async function startPostgresProxy(folder: string): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  let losing: Loss | undefined;
  let lost = 0;
  const server = createServer((client) => {
    const database = connect(join(folder, '.s.PGSQL.5432'));
    let unheard: string | undefined;
    let known = false;
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on('data', (bytes) => {
      known ||= losing !== undefined && bytes.includes(losing.of);
      if (known && losing !== undefined && bytes.includes(losing.text)) {
        const { text, when } = losing;
        losing = undefined;
        lost += 1;
        if (when === 'before') return void client.destroy();
        unheard = text;
      }
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      if (unheard === undefined) client.write(bytes);
      // Its answer says that it was carried out, and nobody hears it; what went out before it is answered first.
      else if (bytes.includes(unheard)) client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    loseNext(loss) {
      losing = loss;
    },
    lost: () => lost,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
