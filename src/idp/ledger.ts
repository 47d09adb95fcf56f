import type { Json } from './json.ts';
import { shown } from './json.ts';

/** Where the two sides differ: who, which attribute, what was expected and what was found. */
export interface Difference {
  readonly step: string;
  readonly who: string;
  readonly attribute: string;
  readonly expected: string;
  readonly found: string;
}

/** A task that Okta shows its administrator as failed, in Okta's words. */
export interface Failure {
  readonly step: string;
  readonly who: string;
  readonly message: string;
}

export interface Timing {
  readonly operation: string;
  readonly ms: number;
}

/** What one run found. One ledger a run; steps write to it, the report reads it. */
export interface Ledger {
  readonly differences: readonly Difference[];
  readonly failures: readonly Failure[];
  readonly timings: readonly Timing[];
  step: string;
  differ(who: string, attribute: string, sides: { expected: Json | undefined; found: Json | undefined }): void;
  /** For expectations that are words already: "a SCIM error", "an integer". */
  remark(who: string, attribute: string, sides: { expected: string; found: string }): void;
  fail(who: string, message: string): void;
  time(operation: string, ms: number): void;
}

export function createLedger(): Ledger {
  const differences: Difference[] = [];
  const failures: Failure[] = [];
  const timings: Timing[] = [];
  const ledger: Ledger = {
    differences,
    failures,
    timings,
    step: '',
    differ: (who, attribute, { expected, found }) =>
      ledger.remark(who, attribute, { expected: shown(expected), found: shown(found) }),
    remark: (who, attribute, sides) => differences.push({ step: ledger.step, who, attribute, ...sides }),
    fail: (who, message) => failures.push({ step: ledger.step, who, message }),
    time: (operation, ms) => timings.push({ operation, ms }),
  };
  return ledger;
}

/** `Zoë O'Brien (zoe.1.k3f9@example.com): title should be "Engineer", but the server has nothing.` */
export function differenceSentence({ who, attribute, expected, found }: Difference): string {
  return `${who}: ${attribute} should be ${expected}, but the server has ${found}.`;
}

export function failureSentence({ who, message }: Failure): string {
  return `${who}: ${message}`;
}
