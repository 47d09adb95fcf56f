import type { Reading } from './reading.ts';
import type { Sent } from './sent.ts';

/** What a write of one directory goes by. */
export interface Writing extends Reading {
  readonly sent: Sent;
}
