import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** From when to when the database was away, or was cut off: then the server has to complain. In ms since 1970. */
export interface Away {
  readonly from: number;
  readonly to: number;
}

export interface LogRead {
  /** Lines that stand for something broken, one sentence each. */
  readonly faults: readonly string[];
  /** Warnings by what they say: `checkpoint-paused 3`. */
  readonly warnings: ReadonlyMap<string, number>;
  readonly lines: number;
}

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly store?: string;
  readonly status?: number;
}

/**
 * No call may be answered 500; nothing may be logged as an error, nor a call be answered 5xx, but while the database was
 * away; and what is no JSON can only be the line that a kill cut, or a crash.
 */
export async function readLog(file: string, away: readonly Away[]): Promise<LogRead> {
  const faults: string[] = [];
  const warnings = new Map<string, number>();
  let lines = 0;
  let cut: string | undefined;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    if (text === '') continue;
    lines += 1;
    const line = parsed(text);
    if (line === undefined) {
      if (cut !== undefined) faults.push(`the log says ${cut.slice(0, 300)}`);
      cut = text;
      continue;
    }
    // The end of a line that was cut is the beginning of the next server's.
    if (cut !== undefined && line.msg !== 'listening') faults.push(`the log says ${cut.slice(0, 300)}`);
    cut = undefined;
    const { level, time, msg, store, status = 0 } = line;
    const excused = away.some(({ from, to }) => Date.parse(time) >= from && Date.parse(time) <= to);
    if (status === 500 || (status > 500 && !excused)) faults.push(`the log says ${text.slice(0, 300)}`);
    else if ((level === 'error' || level === 'fatal') && !excused) faults.push(`the log says ${text.slice(0, 600)}`);
    else if (level !== 'info') {
      const what = (store ?? msg ?? 'unnamed').replace(/ \(.*$/s, '');
      warnings.set(what, (warnings.get(what) ?? 0) + 1);
    }
  }
  if (cut !== undefined) faults.push(`the log says ${cut.slice(0, 300)}`);
  return { faults, warnings, lines };
}

function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
