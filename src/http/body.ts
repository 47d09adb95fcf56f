import type { IncomingMessage } from 'node:http';
import { ScimError } from '../provisioning/index.ts';
import type { BodyRoom } from './bodies.ts';
import { TextPieces, textOf } from './text-pieces.ts';

const NOTHING = Buffer.alloc(0);

export interface BodyOptions {
  /** In bytes. */
  readonly limit: number;
  readonly room: Pick<BodyRoom, 'check' | 'widen'>;
  /** Called when the body is wanted, once nothing that is known before it speaks against it. */
  readonly begin: () => void;
}

/**
 * The text of a request's body, refused as soon as it has more than `limit` bytes, whatever its Content-Length says.
 *
 * @throws ScimError 413 past the limit, 415 when it is compressed, 400 when it is not UTF-8 or the client leaves, 503
 *   when there is no room for it
 */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<string> {
  const coding = request.headers['content-encoding'];
  // A few bytes of gzip can hold gigabytes: bodies come as they are, or not at all.
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    throw ScimError.unsupportedMediaType(
      `The body is sent with Content-Encoding "${printable(coding)}". Send it without compression.`,
    );
  }
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > options.limit) throw tooLarge(options.limit);
  options.room.check(length);
  options.begin();
  const text = await collect(request, length, options);
  if (text === undefined) throw ScimError.invalidSyntax('The body is not valid UTF-8. Send JSON encoded in UTF-8.');
  return text;
}

/** Undefined when it is not UTF-8. Keeps a byte order mark, which the JSON parser then refuses (RFC 8259 §8.1). */
function collect(request: IncomingMessage, length: number, { limit, room }: BodyOptions): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let pieces: TextPieces | undefined;
    let size = 0;
    let capacity = 0;
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);

    function onData(chunk: Buffer): void {
      try {
        add(chunk);
      } catch (error) {
        settle(() => reject(error));
        request.pause();
      }
    }
    function add(chunk: Buffer): void {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      if (first === undefined) {
        // Most bodies are one chunk.
        first = chunk;
        capacity = size;
        return;
      }
      if (size > capacity) widen();
      pieces ??= new TextPieces(first);
      pieces.add(chunk);
    }
    function widen(): void {
      // By what has come: a length that is only announced must not keep others out.
      capacity = Math.max(size, Math.min(length || limit, 2 * capacity));
      room.widen(capacity);
    }
    function onEnd(): void {
      settle(() => resolve(pieces === undefined ? textOf(first ?? NOTHING) : pieces.end()));
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
