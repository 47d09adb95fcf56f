import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { ScimError } from '../provisioning/index.ts';

/**
 * The text of a request's body, refused as soon as it has more than `limit` bytes, whatever its Content-Length says.
 *
 * @throws ScimError 413 past the limit, 415 when it is compressed, 400 when it is not UTF-8 or the client leaves
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const coding = request.headers['content-encoding'];
  // A few bytes of gzip can hold gigabytes: bodies come as they are, or not at all.
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    throw ScimError.unsupportedMediaType(
      `The body is sent with Content-Encoding "${printable(coding)}". Send it without compression.`,
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const body = await collect(request, limit);
  if (!isUtf8(body)) throw ScimError.invalidSyntax('The body is not valid UTF-8. Send JSON encoded in UTF-8.');
  // Keeps a byte order mark, which the JSON parser then refuses (RFC 8259 §8.1).
  return body.toString('utf8');
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);

    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > limit) {
        settle(() => reject(tooLarge(limit)));
        request.pause();
      } else {
        chunks.push(chunk);
      }
    }
    function onEnd(): void {
      const [only] = chunks;
      settle(() => resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size)));
    }
    function onClose(): void {
      settle(() => reject(ScimError.badRequest('The connection closed before the whole body had arrived.')));
    }
    function settle(how: () => void): void {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      how();
    }
  });
}

function tooLarge(limit: number): ScimError {
  return ScimError.tooLarge(
    `The body is larger than ${limit} bytes (${limit / 1024 / 1024} MiB), the most that is taken here.`,
  );
}

function printable(text: string): string {
  return text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?');
}
