import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Outlet, openOutlet } from '../../../src/http/outlet.ts';

const LINE = `${'x'.repeat(999)}\n`;
const BATCH = LINE.repeat(100);
const lost = (lines: number): string => `lost ${lines}\n`;

let folder: string;
let descriptors: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'joinery-outlet-'));
  descriptors = [];
});

afterEach(() => {
  for (const descriptor of descriptors) closeSync(descriptor);
  rmSync(folder, { recursive: true, force: true });
});

describe('an outlet', () => {
  test('writes what it is given, in order, as `prepare` leaves it', async () => {
    const file = join(folder, 'log');
    const outlet = outletTo(open(file, 'a'), (lines) => lines.replaceAll('secret', '[cut]'));
    const expected: string[] = [];
    for (let index = 0; index < 5_000; index += 1) {
      outlet.write(`${index} secret ${'é'.repeat(index % 50)}\n`);
      expected.push(`${index} [cut] ${'é'.repeat(index % 50)}\n`);
      if (index % 1_000 === 0) await outlet.flush();
    }
    await outlet.flush();
    expect(readFileSync(file, 'utf8')).toBe(expected.join(''));
  });

  test('of a pipe that is read late loses nothing that it had room for, and tells how much it had none for', async () => {
    const { reader, writer } = pipe();
    const outlet = outletTo(writer);
    const batches = 250;
    for (let index = 0; index < batches; index += 1) outlet.write(BATCH);
    const text = await drain(reader, outlet);
    const lines = text.trimEnd().split('\n');
    const told = lines.filter((line) => line.startsWith('lost ')).map((line) => Number(line.slice(5)));
    const whole = lines.filter((line) => `${line}\n` === LINE).length;
    expect(told).toHaveLength(1);
    expect(whole + told.length).toBe(lines.length);
    expect(whole + (told[0] ?? 0)).toBe(batches * 100);
    // 16 MiB of them, and what the pipe holds.
    expect(whole).toBeGreaterThan(16_000);
    expect(whole).toBeLessThan(18_000);
  });

  test.runIf(process.platform === 'linux')(
    'on a full disk gives up its last flush, and waits for nothing',
    async () => {
      const outlet = outletTo(open('/dev/full', 'w'));
      for (let index = 0; index < 500; index += 1) outlet.write(BATCH);
      let turns = 0;
      const turning = setInterval(() => {
        turns += 1;
      }, 10);
      await outlet.flush();
      clearInterval(turning);
      // Others went on meanwhile.
      expect(turns).toBeGreaterThan(10);
    },
  );

  test('of a pipe whose reader has gone neither throws nor waits for ever', async () => {
    const { reader, writer } = pipe();
    closeSync(reader);
    descriptors.splice(descriptors.indexOf(reader), 1);
    const outlet = outletTo(writer);
    outlet.write(BATCH);
    await outlet.flush();
    outlet.write(BATCH);
    await outlet.flush();
  });

  test('writes what it holds when the process ends without asking', async () => {
    const file = join(folder, 'log');
    const module = new URL('../../../src/http/outlet.ts', import.meta.url).href;
    const script = `
      const { openOutlet } = await import(${JSON.stringify(module)});
      const { openSync } = await import('node:fs');
      const outlet = openOutlet({ fd: openSync(${JSON.stringify(file)}, 'a'), prepare: (lines) => lines, lost: String });
      outlet.write('the last words\\n');
      process.exit(3);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(3);
    expect(readFileSync(file, 'utf8')).toBe('the last words\n');
  });
});

function outletTo(fd: number, prepare: (lines: string) => string = (lines) => lines): Outlet {
  return openOutlet({ fd, prepare, lost });
}

function open(path: string, flags: string | number): number {
  const descriptor = openSync(path, flags);
  descriptors.push(descriptor);
  return descriptor;
}

/** A pipe that says when it is full, as standard output does. */
function pipe(): { readonly reader: number; readonly writer: number } {
  const path = join(folder, 'pipe');
  execFileSync('/usr/bin/mkfifo', [path]);
  const reader = open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: open(path, constants.O_WRONLY | constants.O_NONBLOCK) };
}

/** Reads until the outlet has nothing left to write, and the pipe is empty. */
async function drain(reader: number, outlet: Outlet): Promise<string> {
  const pieces: Buffer[] = [];
  const read = (): void => {
    const piece = Buffer.alloc(65_536);
    try {
      for (let size = readSync(reader, piece); size > 0; size = readSync(reader, piece)) {
        pieces.push(Buffer.from(piece.subarray(0, size)));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  };
  const reading = setInterval(read, 1);
  const total = (): number => pieces.reduce((sum, { length }) => sum + length, 0);
  for (let before = -1; before !== total(); ) {
    before = total();
    await outlet.flush();
    read();
  }
  clearInterval(reading);
  return Buffer.concat(pieces).toString();
}
