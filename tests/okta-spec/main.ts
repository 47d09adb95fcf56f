import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { userBody } from '../../bench/people.ts';
import { createGroups, fillUsers } from '../../bench/world.ts';
