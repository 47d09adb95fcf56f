import { ScimError } from './error.ts';
import { shorten } from './shorten.ts';

/** Where the text of a body is refused. */
export interface JsonSpot {
  /** The index of the character. */
  readonly at: number;
  /** The name that was read last; empty before the first. */
  readonly lastName: string;
}

/** `what`: what was expected there, or what is wrong. */
export function invalidJson(spot: JsonSpot, what: string): ScimError {
  return ScimError.invalidSyntax(`The body is not valid JSON ${whereOf(spot)}: ${what}.`);
}

export function tooMuchJson({ at, lastName }: JsonSpot, what: string): ScimError {
  const after = lastName === '' ? '' : `, in or after "${shorten(lastName, 100)}"`;
  return ScimError.tooLarge(
    `The body has more than ${what}, and no more are taken in one request: they were counted up to character ${at + 1}${after}. Send them in several requests.`,
  );
}

export function halfSurrogate(spot: JsonSpot): ScimError {
  return ScimError.invalidValue(
    `The body holds half of a surrogate pair ${whereOf(spot)}, which is no character; whole Unicode characters were expected.`,
  );
}

export function nulCharacter(spot: JsonSpot): ScimError {
  return ScimError.invalidValue(`The body holds the NUL character ${whereOf(spot)}, which no value may have.`);
}

export function inexactNumber(spot: JsonSpot): ScimError {
  return ScimError.invalidValue(
    `The number ${whereOf(spot)} cannot be kept exactly: whole numbers within ±9007199254740991 and decimals of about 15 digits were expected.`,
  );
}

function whereOf({ at, lastName }: JsonSpot): string {
  const place = `at character ${at + 1}`;
  return lastName === '' ? place : `${place}, at or after "${shorten(lastName, 100)}"`;
}
