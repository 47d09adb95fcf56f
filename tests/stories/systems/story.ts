import type { World } from './world.ts';

export const GUIDES = ['sparkpost', 'oktopost', 'spotdraft', 'spotinst'] as const;
export type Guide = (typeof GUIDES)[number];

/** A line of a guide: `sparkpost.md:8`. The guides themselves are not in the repository. */
export type Line = `${Guide}.md:${number}`;

export interface Step<Scene> {
  /** Empty: none of the guides has it. */
  readonly holds: readonly Line[];
  /** What is promised, in our words. */
  readonly title: string;
  /** Does it, and rejects where it does not hold; resolves to what was seen, in a few words. */
  run(scene: Scene): Promise<string>;
}

interface Plot<Scene> {
  /** `oktopost-app`: as `npm run story --` names it, and its file. */
  readonly name: string;
  readonly title: string;
  /** The folder of `examples` whose configuration the server has. */
  readonly example: string;
  /** How customers reach the instance: `PUBLIC_URL`. */
  readonly publicUrl: string;
  /** Before the first step. */
  begin(world: World): Promise<Scene>;
  readonly steps: readonly Step<Scene>[];
}

export interface Story extends Omit<Plot<never>, 'begin' | 'steps'> {
  readonly steps: readonly Omit<Step<never>, 'run'>[];
  /** One after another: each goes on from where the one before it ended. */
  open(world: World): Promise<readonly (() => Promise<string>)[]>;
}

export function defineStory<Scene>({ begin, steps, ...about }: Plot<Scene>): Story {
  const open: Story['open'] = async (world) => {
    const scene = await begin(world);
    return steps.map((step) => () => step.run(scene));
  };
  return { ...about, steps, open };
}
