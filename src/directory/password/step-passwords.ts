import { passwordIn, type ScimWrite } from '../../scim/index.ts';
import type { Actor } from '../actor.ts';
import type { Outcome } from '../outcome.ts';
import { type NewPassword, newPassword, type PasswordMeans, saysPassword } from './new-password.ts';

/**
 * The passwords of writes that are one transaction, each made of what became of those before it: which there are shows
 * while it runs, and they are hashed outside of it. So it runs once without them, and is taken back, where there are any.
 */
export class StepPasswords {
  readonly #means: PasswordMeans;
  readonly #actor: Actor;
  /** By step: what was worked out. */
  readonly #known = new Map<number, NewPassword | undefined>();
  /** Of this run: what has to be worked out. */
  readonly #missing = new Map<number, ScimWrite>();
  /** Of this run: by id, what a step has given. */
  readonly #given = new Map<string, string>();

  constructor(means: PasswordMeans, actor: Actor) {
    this.#means = means;
    this.#actor = actor;
  }

  /** Runs the transaction, and again once the passwords are known. */
  async within(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof PasswordsMissing)) throw error;
      for (const [step, request] of this.#missing) {
        this.#known.set(step, await newPassword(this.#means, this.#actor, request));
      }
      await run();
    }
  }

  begin(): void {
    this.#missing.clear();
    this.#given.clear();
  }

  of(step: number, request: ScimWrite): NewPassword | undefined {
    if (!saysPassword(this.#actor, request)) return undefined;
    // A creation that is completed by a PUT (circles of a bulk) says it twice.
    const isGiven = 'id' in request && this.#given.get(request.id) === passwordIn(request);
    if (isGiven) return undefined;
    if (!this.#known.has(step)) this.#missing.set(step, request);
    return this.#known.get(step);
  }

  done(request: ScimWrite, outcome: Outcome): void {
    const clear = passwordIn(request);
    if (typeof clear === 'string' && outcome.kind === 'created') this.#given.set(outcome.shown.record.id, clear);
  }

  /** @throws PasswordsMissing */
  end(): void {
    if (this.#missing.size > 0) throw new PasswordsMissing();
  }
}

class PasswordsMissing extends Error {
  override readonly name = 'PasswordsMissing';
}
