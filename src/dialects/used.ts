/** Which rewrites applied, each once, in the order in which they did: for the journal. */
export class Used {
  #names: string[] | undefined;

  note(name: string): void {
    this.#names ??= [];
    if (!this.#names.includes(name)) this.#names.push(name);
  }

  get names(): readonly string[] {
    return this.#names ?? NONE;
  }
}

const NONE: readonly string[] = Object.freeze([]);
