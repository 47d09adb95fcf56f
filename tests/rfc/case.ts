import type { Tolerances } from '../../src/scim/index.ts';
import type { World } from './world.ts';

/**
 * One file of `cases/`: what holds the requirements of a section, or of a part of one. Each requirement has cases, or
 * tests elsewhere, or waits for a later part, or does not apply; a decision ([D]) has its sentence as well.
 */
export interface Coverage {
  readonly cases?: readonly Case[];
  /** Ids whose test stands in another file. */
  readonly elsewhere?: Readonly<Record<string, Elsewhere | readonly Elsewhere[]>>;
  /** Id → what was decided, in one sentence. */
  readonly decided?: Readonly<Record<string, string>>;
  /** Id → the later part it waits for. */
  readonly waits?: Readonly<Record<string, Part>>;
  /** Id → why it does not apply, in one sentence. */
  readonly notApplicable?: Readonly<Record<string, string>>;
}

export interface Elsewhere {
  /** From the root: `tests/threats/races.test.ts`. */
  readonly file: string;
  /** Text of that file: the test's name. Left out where the file is one test (a conversation in `tests/wire`). */
  readonly test?: string;
}

/** Later parts of the product, in one sentence each: what waits for one is counted apart. */
export const PARTS = {
  'who may come in': 'People signing in: sessions, `/Me` for people, OAuth grants, the dashboard and its cookies.',
  events: 'What leaves: webhooks and security event tokens (RFC 9967).',
  TLS: 'TLS is ended by the proxy in front; a public HOST without an https PUBLIC_URL is refused at start.',
} as const;
export type Part = keyof typeof PARTS;

/**
 * A requirement shown: what goes before, one request and what must come back, and what is asked afterwards. It is played
 * twice, in a directory of its own each time: on a strict application and on a default one.
 */
export interface Case extends Partial<Step> {
  readonly ids: readonly string[];
  /** The behaviour: the test is called `FIL-01 FIL-02 eq on userName ignores case`. */
  readonly title: string;
  /** Each must be answered with a 2xx; `as` names the body of its answer for what follows: `{{bob.id}}`. */
  readonly given?: readonly Given[];
  readonly afterwards?: readonly Step[];
  /** What cannot be data: races, raw bytes, many users. After the steps, when there are any. */
  readonly run?: (world: World) => Promise<void>;
  /** What the server does wrong now: the test must fail until that is mended. Of one mode when only that is wrong. */
  readonly bug?: string | { readonly strict?: string; readonly default?: string };
}

/**
 * A request and its answer. When a write must be refused, the whole directory is compared before and after: nobody needs
 * to say so.
 */
export interface Step {
  readonly request: Sent;
  readonly expect: Expected;
  /** What a default application answers, where that differs: by a tolerance or a rewrite, which is named. */
  readonly default?: { readonly because: Because | readonly Because[]; readonly expect: Expected };
  /** Paths that answer the same, to the byte, before and after: `/Users/{{bob.id}}`. */
  readonly unchanged?: readonly string[];
  /** Calls the body of the answer so: `{{reply.id}}`. */
  readonly as?: string;
}

export interface Given extends Sent {
  readonly as?: string;
}

export interface Sent {
  readonly method: string;
  /** Below the base, sent byte for byte. `{{parent}}/v3/Users` stands beside `/v2`. */
  readonly path: string;
  /** Besides `Authorization`, `Accept` and, with a body, `Content-Type`; null takes one of those away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  /** In place of a body: what is not JSON, or not as `JSON.stringify` writes it. */
  readonly text?: string;
}

/** Values are as in `tests/wire/differences.ts`: `{{any}}`, `{{absent}}`, `{{not x}}`, `{{contains x}}`; or a RegExp. */
export interface Expected {
  readonly status: number | readonly number[];
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string | RegExp>>;
  /** What the body holds at least; '' for none at all. */
  readonly body?: unknown;
  /** All that the body holds. */
  readonly exactly?: unknown;
  /** Names that are not at the top of the body. */
  readonly absent?: readonly string[];
}

/** A tolerance (`src/scim/request.ts`) or the name of a rewrite (`src/dialects/rewrites.ts`), checked to be one. */
export type Because = keyof Tolerances | (string & {});
export type Mode = 'strict' | 'default';
export const MODES: readonly Mode[] = ['strict', 'default'];
