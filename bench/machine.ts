import { closeSync, fdatasyncSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { median } from './figures.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly sqlite: string;
  /** µs for 4 KiB more of a file to be on disk, the median. */
  readonly sync: number;
}

/** What the figures were measured on; the disk is that of the folder. */
export function lookAtMachine(folder: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? '',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${process.platform} ${release()}${isContainer() ? ', in a container or virtual machine' : ''}`,
    node: process.versions.node,
    sqlite: process.versions.sqlite ?? '',
    sync: timeSync(join(folder, 'sync')),
  };
}

function isContainer(): boolean {
  return /\bhypervisor\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

const SYNCS = 300;

function timeSync(file: string): number {
  const piece = Buffer.alloc(4096, 1);
  const opened = openSync(file, 'w');
  const times = Array.from({ length: SYNCS }, () => {
    const began = performance.now();
    writeSync(opened, piece);
    fdatasyncSync(opened);
    return (performance.now() - began) * 1000;
  });
  closeSync(opened);
  unlinkSync(file);
  return median(times);
}
