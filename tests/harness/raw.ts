import { connect } from 'node:net';

export interface RawReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * Sends bytes that no HTTP client would, and reads what comes back until the server closes the connection: send
 * `Connection: close` where the bytes are good HTTP.
 */
export function sendRaw(
  { port }: { readonly port: number },
  ...pieces: readonly (string | Buffer)[]
): Promise<RawReply[]> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the server did not close the connection; it said: ${received}`));
    }, 15_000);
    socket.on('data', (chunk) => {
      received += chunk;
    });
    // A reset while we still send is fine: what was answered before it is what counts.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(parseReplies(received));
    });
    for (const piece of pieces) socket.write(piece);
  });
}

function parseReplies(text: string): RawReply[] {
  const replies: RawReply[] = [];
  let rest = text;
  while (rest.startsWith('HTTP/1.1 ')) {
    const end = rest.indexOf('\r\n\r\n');
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const from = end + 4;
    const status = Number(first.split(' ')[1]);
    const length = status < 200 || status === 204 || status === 304 ? '0' : headers.get('content-length');
    const to = length === undefined ? rest.length : from + Number(length);
    replies.push({ status, headers, body: rest.slice(from, to) });
    rest = rest.slice(to);
  }
  return replies;
}
