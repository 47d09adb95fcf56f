import { oktopostApp } from './oktopost-app.ts';
import { oktopostBoard } from './oktopost-board.ts';
import { sparkpost } from './sparkpost.ts';
import { spotdraft } from './spotdraft.ts';
import { spotinst } from './spotinst.ts';
import type { Story } from './story.ts';

export const STORIES: readonly Story[] = [sparkpost, oktopostApp, oktopostBoard, spotdraft, spotinst];
