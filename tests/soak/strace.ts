import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openConnection, requestBytes } from '../process/connection.ts';
import { firstToken, joinerySite, startJoinery, stopJoinery } from '../process/joinery.ts';
import { wireRequest } from './intent.ts';

export interface StraceOptions {
  readonly creates: number;
  readonly folder: string;
  readonly entry: string;
}

const CALLS = 'fdatasync,fsync,pwrite64,read,recvfrom,recvmsg,write,writev,sendto,sendmsg';

/**
 * Does every reply wait for its sync? `kill -9` cannot tell: what was written and not synced survives it in the kernel.
 * So the server runs below strace (`-D`: the server stays our child), one connection creates users one after another, and
 * the trace must show, for each: the request is read, the write-ahead log is written, then synced, then 201 is written.
 */
export async function soakSyncs({ creates, folder, entry }: StraceOptions): Promise<boolean> {
  const site = await joinerySite(join(folder, 'traced'), entry);
  const trace = join(folder, 'strace.txt');
  const { token, baseUrl } = await firstToken(site);
  const server = await startJoinery(site, [
    'strace',
    '-D',
    '-f',
    '-y',
    '-s',
    '64',
    '-e',
    `trace=${CALLS}`,
    '-o',
    trace,
  ]);
  const base = new URL(baseUrl).pathname;
  const connection = await openConnection(site.port);
  for (let n = 1; n <= creates; n++) {
    const { body } = wireRequest({
      kind: 'create-user',
      userName: `u${n}@soak.example`,
      externalId: `x${n}`,
      stamp: n,
    });
    const parts = { authorization: `Bearer ${token}`, body: JSON.stringify(body) };
    const answer = await connection.exchange(requestBytes('POST', `${base}/Users`, parts));
    if (answer.status !== 201) throw new Error(`create ${n} was answered ${answer.status}: ${answer.body}`);
  }
  connection.close();
  await stopJoinery(server);

  const seen = await readTrace(trace);
  console.log(
    `strace: ${creates} creates on one connection; ${seen.replies} replies of 201, ${seen.logSyncs} syncs of the write-ahead log (${seen.syncs} of all files)`,
  );
  console.log(`strace: ${seen.early} replies were written before their own commit was synced`);
  for (const line of seen.examples) console.log(`  ${line}`);
  return seen.replies === creates && seen.logSyncs >= creates && seen.early === 0;
}

interface Seen {
  replies: number;
  /** Replies without a finished sync of the log after the last write to the log that followed their request. */
  early: number;
  syncs: number;
  logSyncs: number;
  readonly examples: string[];
}

/** A trace's lines are in order of time; a call that others interrupt has a line for its start and one for its end. */
async function readTrace(file: string): Promise<Seen> {
  const seen: Seen = { replies: 0, early: 0, syncs: 0, logSyncs: 0, examples: [] };
  const unfinished = new Map<string, string>();
  // Since the latest request: was the log written, and was it synced after that?
  let state: 'idle' | 'asked' | 'written' | 'syncing' | 'synced' = 'idle';
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { thread = '', rest = '' } = /^(?<thread>\d+) +(?<rest>.*)$/.exec(line)?.groups ?? {};
    const began = rest.startsWith('<... ') ? unfinished.get(thread) : rest;
    if (began === undefined) continue;
    const starts = !rest.startsWith('<... ');
    const ends = !rest.endsWith('<unfinished ...>');
    if (ends) unfinished.delete(thread);
    else unfinished.set(thread, rest);

    // The journal has a log of its own, written by its own thread whenever that has something.
    const isLog = /^\w+\(\d+<[^>]*\/joinery\.db-wal>/.test(began);
    if (/^(fdatasync|fsync)\(/.test(began)) {
      if (starts && isLog && state === 'written') state = 'syncing';
      if (ends && / = 0$/.test(rest)) {
        seen.syncs += 1;
        if (isLog) seen.logSyncs += 1;
        if (isLog && state === 'syncing') state = 'synced';
      }
    } else if (began.startsWith('pwrite64(')) {
      if (isLog && state !== 'idle') state = 'written';
    } else if (/^(read|recv\w+)\(/.test(began)) {
      if (ends && rest.includes('"POST ')) state = 'asked';
    } else if (starts && rest.includes('HTTP/1.1 201')) {
      seen.replies += 1;
      if (state !== 'synced') {
        seen.early += 1;
        if (seen.examples.length < 5) seen.examples.push(`${state}: ${line}`);
      }
      state = 'idle';
    }
  }
  return seen;
}
