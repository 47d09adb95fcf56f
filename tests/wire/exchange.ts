import { Agent, request } from 'node:http';

/** A request as a provider sends it: these headers and no others but `Host` and `Content-Length`. */
export interface WireRequest {
  readonly method: string;
  /** Below the base URL, sent byte for byte: `//Users/?filter=a+eq+%22b%22`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One exchange with `node:http`, which adds no header of its own liking and leaves the path alone (fetch does neither). */
export function exchange(baseUrl: string, { method, path, headers, text }: WireRequest): Promise<WireReply> {
  const { hostname, port, pathname } = new URL(baseUrl);
  const length: Record<string, string> = text === undefined ? {} : { 'Content-Length': `${Buffer.byteLength(text)}` };
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path: `${pathname}${path}`, headers: { ...headers, ...length }, agent },
      (reply) => {
        const pieces: Buffer[] = [];
        reply.on('data', (piece: Buffer) => pieces.push(piece));
        reply.on('error', reject);
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: Buffer.concat(pieces).toString() }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

const agent = new Agent({ keepAlive: true });
