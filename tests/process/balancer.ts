import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  readonly port: number;
  /** How many calls each of the servers got. */
  readonly calls: readonly number[];
  close(): Promise<void>;
}

/** A proxy in front of several servers on this machine, which get the calls in turn. */
export async function startBalancer(ports: readonly number[], port = 0): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const calls = ports.map(() => 0);
  let next = 0;
  const server = createServer((incoming, outgoing) => {
    const chosen = next % ports.length;
    next += 1;
    calls[chosen] = (calls[chosen] ?? 0) + 1;
    const { method, url: path, headers } = incoming;
    const forwarded = request({ host: '127.0.0.1', port: ports[chosen], method, path, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
