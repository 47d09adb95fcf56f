import { playStories } from './systems/play.ts';

playStories('postgres');
